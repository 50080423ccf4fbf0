// CPU time of how users are folded into a model: all users of a file under new ids, at once, and
// some of them one at a time, each into the model as the file has it.
//   balse_fold_in_bench MODEL RATINGS THREADS

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "balse/data/ratings_reader.hpp"
#include "balse/model/fit_record.hpp"
#include "balse/model/fold_in.hpp"
#include "balse/model/model_file.hpp"

namespace {

double seconds_of(const balse::ModelFile& file, const balse::Ratings& ratings,
                  const balse::BalseOptions& options, int threads) {
  balse::TrainedModel model = file.model();
  const std::clock_t begun = std::clock();  // of all threads, whatever else the machine does
  const balse::FoldedUsers folded = balse::fold_in(model, ratings, options, threads);
  return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: balse_fold_in_bench MODEL RATINGS THREADS\n", stderr);
    return 64;
  }
  const balse::ModelFile file(argv[1]);
  const auto facts = balse::read_manifest(file.metadata("manifest"));
  balse::ReadRatingsSummary summary;
  const balse::Ratings all = balse::read_ratings(argv[2], {}, summary);
  if (!facts) {
    return 65;
  }
  const int threads = std::atoi(argv[3]);
  balse::Ratings renamed = all;
  renamed.users = {};
  for (std::uint32_t user = 0; user < all.users.size(); ++user) {
    renamed.users.insert("new " + std::string(all.users[user]));
  }
  std::vector<double> alone;
  for (std::uint32_t user = 0; user < std::min<std::size_t>(100, all.users.size()); ++user) {
    balse::Ratings one;
    for (std::size_t row = 0; row < all.size(); ++row) {
      if (all.user[row] == user) {
        one.user.push_back(one.users.insert(renamed.users[user]));
        one.item.push_back(one.items.insert(all.items[all.item[row]]));
        one.value.push_back(all.value[row]);
      }
    }
    alone.push_back(seconds_of(file, one, facts->options, threads));
  }
  std::sort(alone.begin(), alone.end());
  const double together = seconds_of(file, renamed, facts->options, threads);
  const auto users = static_cast<double>(all.users.size());
  std::printf("users=%zu ratings=%zu ms_a_user=%.4f ms_alone=%.3f\n", all.users.size(), all.size(),
              1e3 * together / users, 1e3 * alone[alone.size() / 2]);
  return 0;
}
