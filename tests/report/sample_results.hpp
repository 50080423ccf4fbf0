#pragma once

#include <string>
#include <vector>

#include "balse/model/training_json.hpp"
#include "balse/report/report_folder.hpp"

namespace balse::test {

/// Results as of five folds of eight models and a score of somebody else's, all parts there; the
/// same every time. The score's title and some tags have what HTML, LaTeX and gnuplot would obey.
Json sample_results();
/// Its parts gate, counts, tags, convergence and stages.
void add_data_and_training(Json& results);

/// Three posters, one without a title and one without tags.
std::vector<PosterWithTags> sample_posters();

}  // namespace balse::test
