#include "balse/report/results_table.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "report/sample_results.hpp"

using namespace balse;
using namespace balse::test;

namespace {

/// Two models that differ, and a third that cannot be told from the best.
Json three_models() {
  Json results;
  const auto add = [&](const char* name, double rmse) {
    results["models"].push_back({{"name", name}, {"title", name}, {"kind", "block"}});
    results["figures"][name]["all"] = {
        {"folds", 5}, {"rows", 100}, {"rmse", rmse}, {"halfwidth", 0.01}};
  };
  add("bad", 1.5);
  add("good", 1.25);
  add("near", 1.2501);
  const auto compare = [&](const char* a, const char* b, double difference, double p) {
    results["comparisons"].push_back(
        {{"a", a}, {"b", b}, {"subset", "all"}, {"difference", difference}, {"p_holm", p}});
  };
  compare("bad", "good", 0.25, 0.001);
  compare("good", "near", -0.0001, 0.05);
  return results;
}

std::string line_with(const std::string& text, const std::string& what) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("the best of a column is bold, and what is not told from it marked", "[report]") {
  const std::string markdown = markdown_results_table(three_models());
  CHECK(line_with(markdown, "| good") == "| good              | **1.2500** ± 0.0100 |");
  CHECK(line_with(markdown, "| near") == "| near              |   1.2501 ± 0.0100 ≈ |");
  CHECK(line_with(markdown, "| bad").find("≈") == std::string::npos);
  CHECK(markdown.find("What has ≈ cannot be told from it") != std::string::npos);

  const std::string latex = latex_results_table(three_models());
  CHECK(line_with(latex, "good").find("\\textbf{1.2500} $\\pm$ 0.0100 \\\\") != std::string::npos);
  CHECK(line_with(latex, "near").find("\\approx") != std::string::npos);
  CHECK(line_with(latex, "bad").find("\\approx") == std::string::npos);
}

TEST_CASE("without comparisons nothing is said of differences", "[report]") {
  Json results = three_models();
  results.erase("comparisons");
  const std::string markdown = markdown_results_table(results);
  CHECK(markdown.find("≈") == std::string::npos);
  CHECK(markdown.find("Wilcoxon") == std::string::npos);
}

TEST_CASE("that all differ is said only where all were compared", "[report]") {
  Json results = three_models();
  results["comparisons"][1]["p_holm"] = 0.01;
  CHECK(markdown_results_table(results).find("All others differ") != std::string::npos);
  results["comparisons"].erase(1);
  CHECK(markdown_results_table(results).find("All others differ") == std::string::npos);
}

TEST_CASE("figures that do not exist are dashes", "[report]") {
  Json results = three_models();
  results["figures"]["bad"]["all"]["rmse"] = nullptr;
  results["figures"]["near"]["all"]["halfwidth"] = nullptr;
  const std::string markdown = markdown_results_table(results);
  CHECK(line_with(markdown, "| bad").find("–") != std::string::npos);
  CHECK(line_with(markdown, "| near").find("±") == std::string::npos);
}

TEST_CASE("a LaTeX table is a tabular of booktabs, whatever models are called", "[report]") {
  const std::string latex = latex_results_table(sample_results());
  for (const char* part : {"\\begin{tabular}{lrrr}", "\\toprule", "\\midrule", "\\bottomrule",
                           "\\end{tabular}", "\\$x\\_1 \\& 100\\% \\textbackslash{}o/"}) {
    CHECK(latex.find(part) != std::string::npos);
  }
  // Every row has three separators; those of titles are escaped.
  std::size_t rows = 0;
  for (std::size_t at = latex.find("\\toprule");
       (at = latex.find(" \\\\\n", at)) != std::string::npos; ++at) {
    const std::size_t begin = latex.rfind('\n', at) + 1;
    std::size_t separators = 0;
    for (std::size_t k = begin; k < at; ++k) {
      separators += latex[k] == '&' && latex[k - 1] != '\\' ? 1 : 0;
    }
    CHECK(separators == 3);
    ++rows;
  }
  CHECK(rows == 12);
}
