#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "report/drawing.hpp"
#include "report/figures.hpp"
#include "report/gnuplot.hpp"
#include "report/sample_results.hpp"
#include "report/script.hpp"
#include "support/skipped.hpp"

using namespace balse;
using namespace balse::report;
using namespace balse::test;

namespace {

/// The fields of the rows whose first fields are these.
std::vector<std::vector<std::string>> rows_of(const DataTable& data,
                                              const std::vector<std::string>& first) {
  std::vector<std::vector<std::string>> found;
  for (const auto& row : data.rows) {
    if (std::equal(first.begin(), first.end(), row.begin())) {
      found.push_back(row);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("figures' data are the results' numbers", "[report]") {
  const Json results = sample_results();
  const ResultsView view(results);

  const DataTable rmse = draw_rmse(view)->data;
  const Json& cold = results["figures"]["balse"]["cold-start"];
  CHECK(rows_of(rmse, {"balse", "cold-start"}) ==
        std::vector<std::vector<std::string>>{
            {"balse", "cold-start", "5", "1312", cold["rmse"].dump(), cold["halfwidth"].dump(),
             cold["mae"].dump(), cold["low"].dump(), cold["high"].dump()}});
  CHECK(rmse.rows.size() == 27);

  const DataTable gate = draw_gate(view)->data;
  const Json& point = results["gate"][2]["curve"][3];
  CHECK(rows_of(gate, {"fold 2", point["count"].dump()})[0][2] == point["weight"].dump());
  CHECK(rows_of(gate, {"items"}).size() == results["counts"]["items"].size());
  CHECK(rows_of(gate, {"items", "0"})[0][2] == results["counts"]["items"][0][1].dump());

  const DataTable slices = draw_slices(view, "tags")->data;
  CHECK(slices.rows.size() == 2 * 9);
  const Json& slice = results["slices"][20];
  REQUIRE(slice["slice"] == "without tags");
  CHECK(rows_of(slices, {"without tags", slice["rows"].dump(), slice["gate_weight"].dump(),
                         "als"})[0][4] == slice["models"]["als"]["rmse"].dump());

  CHECK(draw_users(view)->data.rows.size() == 9 * 24);
  CHECK(draw_calibration(view)->data.rows.size() == 9 * 10);
  CHECK(draw_ranking(view, "catalogue")->data.rows.size() == 9 * 6);
  CHECK(draw_convergence(view)->data.rows.size() == 2 * 5 * 12);
  CHECK(draw_stages(view)->data.rows.size() == results["stages"].size());
  CHECK(draw_most_used_tags(view)->data.rows.size() == results["tags"]["most_used"].size());
}

TEST_CASE("a difference is seen from the model, whichever way round it was written", "[report]") {
  const Json results = {
      {"models", {{{"name", "a"}}, {{"name", "b"}}}},
      {"figures", {{"a", {{"all", {{"rmse", 1.0}}}}}, {"b", {{"all", {{"rmse", 1.5}}}}}}},
      {"comparisons",
       {{{"a", "a"},
         {"b", "b"},
         {"subset", "all"},
         {"difference", -0.5},
         {"low", -0.75},
         {"high", -0.25},
         {"p_holm", 0.125}}}}};
  const ResultsView view(results);
  CHECK(draw_differences(view)->data.rows ==
        std::vector<std::vector<std::string>>{{"b", "a", "all", "0.5", "0.25", "0.75", "0.125"}});
}

TEST_CASE("CSV quotes what it has to", "[report]") {
  const DataTable table{.header = {"tag", "items"}, .rows = {{"a \"b\", c", "1"}, {"d", ""}}};
  CHECK(table.csv() == "tag,items\n\"a \"\"b\"\", c\",1\nd,\n");
}

TEST_CASE("a series is drawn by what it varies", "[report]") {
  Json results = {{"schema", "balse-results"},
                  {"models", {{{"name", "als"}, {"title", "ALS"}, {"kind", "block"}}}}};
  const auto point = [](const char* value, double rmse) {
    return Json{{"als-rank", value},
                {"figures", {{"als", {{"all", {{"rmse", rmse}, {"halfwidth", 0.01}}}}}}}};
  };
  CHECK_FALSE(draw_series(ResultsView(results)));
  results["sweep"] = {point("2", 1.25), point("\" bad `name`", 1.5)};
  const auto drawing = draw_series(ResultsView(results));
  REQUIRE(drawing);
  CHECK(drawing->data.csv() ==
        "als-rank,model,rmse,halfwidth\n2,als,1.25,0.01\n\"\"\" bad `name`\",als,1.5,0.01\n");
  CHECK(drawing->title == "RMSE by als-rank");
}

TEST_CASE("every drawing has a name that is known", "[report]") {
  const Json results = sample_results();
  const ResultsView view(results);
  std::vector<std::string> names = all_drawing_names();
  std::vector<std::string> drawn;
  for (const Drawing& drawing : draw_all(view)) {
    drawn.push_back(drawing.name);
    CHECK_FALSE(drawing.title.empty());
    CHECK_FALSE(drawing.caption.empty());
  }
  std::sort(names.begin(), names.end());
  std::sort(drawn.begin(), drawn.end());
  names.erase(std::find(names.begin(), names.end(), "series"));  // of other results
  CHECK(drawn == names);
}

TEST_CASE("gnuplot obeys no name of others", "[report]") {
  const std::string mark = std::filesystem::temp_directory_path() / "balse_obeyed";
  std::filesystem::remove(mark);
  Script script;
  script.line("set terminal svg noenhanced");
  const std::string touch = "touch " + mark;
  const std::vector<std::string> names = {"`" + touch + "`",
                                          "'. system(\"" + touch + "\") .'",
                                          "\" . system('" + touch + "') . \"",
                                          "x\nsystem('" + touch + "')\n",
                                          "END\nsystem('" + touch + "')",
                                          "x'\n! " + touch + "\n",
                                          "%s%s%n 100%",
                                          "\\",
                                          "@name {/Bold x}_1"};
  for (const std::string& name : names) {
    script.x_title(name);
  }
  script.words("y", names);
  script.add(script.data({{0, 0}, {1, 9}}) + " using 1:2 with points notitle").plot();
  const Plotted plotted = run_gnuplot(script.text());
  if (!plotted.is_installed) {
    skipped("gnuplot and names of others: gnuplot is not installed");
    return;
  }
  CHECK(plotted.problem.empty());
  CHECK_FALSE(std::filesystem::exists(mark));
  CHECK(plotted.output.find("%s%s%n 100%") != std::string::npos);
}

TEST_CASE("a picture within the page has colours by its variables and ids of its own", "[report]") {
  const std::string svg =
      "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 480 340\" xmlns=\"x\">\n<title>Gnuplot</title>"
      "<desc>made by</desc><g id=\"canvas\"><rect x=\"0\" fill=\"#ffffff\"/>"
      "<filter id='f'><feFlood/></filter>"
      "<g stroke='rgb( 10,  98, 168)'  fill = 'none'><use xlink:href='#p' color='black'/></g>"
      "<g fill=\"none\">\n</g><text>&lt;b> rgb(1,2,3) id='x'</text></g></svg>";
  CHECK(inline_svg(svg, "gate", "a \"name\"") ==
        "<svg viewBox=\"0 0 480 340\" role=\"img\" aria-label=\"a &quot;name&quot;\">"
        "<g id=\"gate-canvas\"><rect x=\"0\" fill=\"var(--paper)\"/>"
        "<g stroke=\"var(--c3)\" fill=\"none\"><use href=\"#gate-p\" color=\"var(--ink)\"/></g>"
        "<text>&lt;b> rgb(1,2,3) id='x'</text></g></svg>");
  for (const char* hostile :
       {"<svg><script>x</script></svg>", "<svg onload='x'><g onclick='x'></g></svg>",
        "<svg><use href='http://x/y#z'/></svg>", "<svg><g style='x'/></svg>", "<svg><image/></svg>",
        "<svg><g id=x></g></svg>", "<svg><g id='x", "<svg><a href='#x'>y</a></svg>"}) {
    const std::string page = inline_svg(hostile, "n", "n");
    CHECK(page.find("onload") == std::string::npos);
    CHECK((page.empty() || page.find("onclick") == std::string::npos));
    CHECK(page.find("script") == std::string::npos);
    CHECK(page.find("http") == std::string::npos);
    CHECK(page.find("<a") == std::string::npos);
  }
}
