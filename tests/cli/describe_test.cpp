#include <fstream>
#include <sstream>
#include <string>
#include <sysexits.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Report = nlohmann::json;

namespace describe_test {
namespace {

Report described(std::vector<std::string> words) {
  words.insert(words.begin(), "describe");
  words.insert(words.end(), {"--format", "json"});
  const Outcome outcome = run_balse(words);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return Report::parse(outcome.out);
}

std::string said(std::vector<std::string> words) {
  words.insert(words.begin(), "describe");
  const Outcome outcome = run_balse(words);
  CHECK(outcome.exit_code == EX_OK);
  return outcome.err;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("describe counts what is in the files", "[cli][describe]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv",
                                           "user,item,rating,timestamp\n1,a,-1,5\n1,b,8,100000\n"
                                           "1,c,8,200000\n1,d,8,300000\n2,a,10,400000\n2,a,9,1\n"
                                           "3,b,?,1\n");
  const std::string tags =
      folder.write("t.csv", "item,tag,weight\na,x,0.5\na,y,1\nz,x,0.1\nb,x,0\n");
  const std::string works = folder.write("w.csv", "item,title,type\na,A,TV\nb,B,TV\nq,Q,OVA\n");
  const Report report = described({ratings, "--tags", tags, "--works", works, "--skip-bad-rows"});
  const Report& found = report["ratings"];
  CHECK(found["rows"] == 7);
  CHECK(found["kept"] == 4);
  CHECK(found["unrated"] == 1);
  CHECK(found["unrated_values"] == Report::array({"-1"}));
  CHECK(found["skipped"] == 1);
  CHECK(found["duplicates"] == 1);
  CHECK(found["users"] == 2);
  CHECK(found["items"] == 4);
  CHECK(found["density"] == 0.5);
  CHECK(found["mean"] == 33.0 / 4);
  CHECK(found["lowest"] == 8.0);
  CHECK(found["highest"] == 9.0);
  CHECK(found["values"] ==
        Report::array({{{"value", 8.0}, {"count", 3}}, {{"value", 9.0}, {"count", 1}}}));
  CHECK(found["per_user"]["p0"] == 1.0);
  CHECK(found["per_user"]["p100"] == 3.0);
  CHECK(found["items_with_fewer_than_3"] == 4);
  CHECK(found["constant_users"] == 1);
  CHECK(found["items_with_tags"] == 1);
  CHECK(found["first_time"] == 1);
  CHECK(found["last_time"] == 300000);
  CHECK(report["tags"]["weights"] == 3);
  CHECK(report["tags"]["tags"] == 2);
  CHECK(report["tags"]["items"] == 2);
  CHECK(report["tags"]["lowest"] == 0.1);
  CHECK(report["tags"]["highest"] == 1.0);
  CHECK(report["tags"]["unrated_examples"] == Report::array({"z"}));
  CHECK(report["tags"]["untagged_examples"] == Report::array({"b", "c", "d"}));
  CHECK(report["works"]["items"] == 3);
  CHECK(report["works"]["matched"] == 2);
  CHECK(report["works"]["categories"] == 2);
  REQUIRE(report["read_as"].size() == 3);
  CHECK_THAT(
      report["read_as"][0].get<std::string>(),
      Contains("user = column 1 \"user\", item = 2 \"item\", rating = 3 \"rating\", time = 4"));
}

TEST_CASE("describe speaks to people and to papers", "[cli][describe]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r|.csv", "1,a,2\n1,b,4\n2,a,4\n");
  const Outcome text = run_balse({"describe", ratings});
  CHECK(text.exit_code == EX_OK);
  CHECK_THAT(text.out, StartsWith("Ratings\n") && Contains("3 by 2 users of 2 items") &&
                           Contains("\nValues\n") && Contains("4  ") && Contains("2 (66.7%)") &&
                           Contains("\nRead as\n"));
  const std::string path = folder.path("out.md");
  CHECK(run_balse({"describe", ratings, "--format", "markdown", "--output", path}).out.empty());
  const std::string markdown = file_text(path);
  CHECK_THAT(markdown, StartsWith("| Ratings | |\n|---|---|\n") && Contains("| Values | |"));
  CHECK(run_balse({"describe", ratings, "--output", ratings}).exit_code == EX_USAGE);
  CHECK(run_balse({"describe", folder.path("none")}).exit_code == EX_NOINPUT);
}

TEST_CASE("describe suspects mistakes", "[cli][describe]") {
  const TemporaryFolder folder;
  std::string rows;
  for (int user = 0; user < 30; ++user) {
    for (int item = 0; item < 10; ++item) {
      rows += "u" + std::to_string(user) + ",i" + std::to_string(item) + "," +
              std::to_string(1 + (user * item) % 5) + "\n";
    }
  }
  const std::string good = folder.write("good.csv", "user,item,rating\n" + rows);
  const std::string swapped = folder.write("swapped.csv", "item,user,rating\n" + rows);
  std::string tag_rows = "item,tag,weight\n";
  for (int item = 0; item < 10; ++item) {
    tag_rows += "i" + std::to_string(item) + ",sky,1\n";
  }
  const std::string tags = folder.write("tags.csv", tag_rows);
  const std::string others = folder.write("others.csv", "item,tag,weight\nx1,sky,1\nx2,sky,1\n");
  const std::string floats =
      folder.write("floats.csv", "item,tag,weight\nI1.0,sky,1\ni2.0,sky,1\n");
  CHECK(said({good, "--tags", tags}).empty());
  CHECK_THAT(said({swapped, "--tags", tags}), Contains("are user and item swapped?"));
  CHECK_THAT(said({good, "--tags", others}), Contains("are they of another site?"));
  CHECK_THAT(said({good, "--tags", floats}),
             Contains("would be rated ones if their ids were written alike") && Contains("i1"));
  const std::string times =
      folder.write("times.csv", "user,item,rating\n1,a,1300000000\n2,a,1300000001\n");
  CHECK_THAT(said({times}), Contains("are they times?"));
  std::string indexed;
  for (int row = 0; row < 20; ++row) {
    indexed += std::to_string(row) + "," + std::to_string(row % 3) + "," + std::to_string(row % 7) +
               ",4\n";
  }
  CHECK_THAT(said({folder.write("index.csv", indexed)}), Contains("is that column an index?"));
  std::string many = "user,item,rating\n";
  for (int row = 0; row < 1500; ++row) {
    many += std::to_string(row % 7) + "," + std::to_string(row) + ",3\n";
  }
  const std::string rows_as_items = folder.write("many.csv", many);
  CHECK_THAT(said({rows_as_items}), Contains("is that column the item, or the number of a row?") &&
                                        Contains("all ratings are the same"));
}

TEST_CASE("convert writes any form as plain CSV", "[cli][convert]") {
  const TemporaryFolder folder;
  const auto converted = [&](const std::string& name, const std::string& content,
                             std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"convert", folder.write(name, content), "-"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_balse(words);
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_OK);
    return outcome.out;
  };
  CHECK(converted("r.jsonl", "{\"user\":\"a,b\",\"item\":7,\"rating\":3.5,\"time\":9}\n") ==
        "user,item,rating,timestamp\n\"a,b\",7,3.5,9\n");
  CHECK(converted("r.csv", "who,what,how,when\na,x,3,2020-01-01\n",
                  {"--columns", "user=who,item=what,rating=how", "--timestamp", "when"}) ==
        "user,item,rating,timestamp\na,x,3,1577836800\n");
  CHECK(converted("t.csv", "movieId,title,genres\n1,One,A|B\n2,Two,B\n") ==
        "item,tag,weight\n1,A,1\n1,B,1\n2,B,1\n");
  CHECK(converted("t.csv", "movieId,title,genres\n1,One,A|B\n2,Two,B\n", {"--what", "works"}) ==
        "item,title,category\n1,One,\n2,Two,\n");
  CHECK(converted("t.csv", "id,nr,label,how\nx,7,sky,0.5\n",
                  {"--what", "tags", "--tag-columns", "item=nr,tag=label,weight=4"}) ==
        "item,tag,weight\n7,sky,0.5\n");
  CHECK(converted("w.tsv", "id\tname\n7\tThe \"One\"\n") ==
        "item,title,category\n7,\"The \"\"One\"\"\",\n");
  const std::string npz = folder.path("t.npz");
  const std::string tags = folder.write("t.csv", "item,tag\nb,x\na,y z\n");
  CHECK(run_balse({"convert", tags, npz}).exit_code == EX_OK);
  CHECK(run_balse({"convert", npz, "-"}).out == "item,tag,weight\nb,x,1\na,y z,1\n");
  CHECK(run_balse({"convert", tags, npz, "--what", "ratings"}).exit_code == EX_USAGE);
  CHECK(run_balse({"convert", tags, tags}).exit_code == EX_USAGE);
  CHECK(run_balse({"convert", folder.write("b.csv", "user,item,rating\n1,2,3\n"), "-", "--columns",
                   "rating=nosuch"})
            .exit_code == EX_DATAERR);
  CHECK(run_balse({"convert", folder.path("b.csv"), "-", "--unrated", "abc"}).exit_code ==
        EX_USAGE);
  // A bad row does not make tags or titles of ratings.
  const Outcome bad = run_balse({"convert", folder.write("b.csv", "1,2,3\n1,3,x\n"), "-"});
  CHECK(bad.exit_code == EX_DATAERR);
  CHECK_THAT(bad.err, Contains("b.csv:2: found \"x\" as a rating"));
  CHECK(bad.out.empty());
}

TEST_CASE("titles come from chosen columns, or from the lists themselves", "[cli][describe]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv", "1,7,2\n1,8,4\n2,7,4\n");
  const std::string works = folder.write("w.csv", "nr,label,kind\n7,The Seven,TV\n8,Eight,TV\n");
  CHECK(run_balse({"fit", ratings, "--works", works, "--works-columns", "item=nr,title=label",
                   "--model", folder.path("m")})
            .exit_code == EX_OK);
  CHECK_THAT(run_balse({"recommend", "--model", folder.path("m"), "--user", "2"}).out,
             Contains("Eight"));
  const std::string list = folder.write(
      "list.xml",
      "<myanimelist><myinfo><user_name>1</user_name></myinfo><anime><series_animedb_id>7"
      "</series_animedb_id><series_title>Mine</series_title><my_score>5</my_score></anime>"
      "</myanimelist>");
  CHECK(run_balse({"fit", ratings, list, "--model", folder.path("n")}).exit_code == EX_OK);
  CHECK_THAT(run_balse({"recommend", "--model", folder.path("n"), "--user", "9"}).out,
             Contains("Mine"));
}

TEST_CASE("several files and compressed ones are one data set everywhere", "[cli][describe]") {
  const TemporaryFolder folder;
  const std::string one = folder.write("1.csv", "user,item,rating\na,x,5\nb,x,1\n");
  const std::string two = folder.write("2.csv", "a,y,3\n");
  CHECK(described({one, two})["ratings"]["kept"] == 3);
  CHECK(described({folder.path("")})["ratings"]["files"] == 2);
  const TemporaryFolder out;
  CHECK(run_balse({"fit", one, two, "--model", out.path("m")}).exit_code == EX_OK);
  const Report info = Report::parse(run_balse({"info", out.path("m"), "--json"}).out);
  CHECK(info["ratings"] == 3);
  CHECK(info["manifest"]["inputs"].size() == 2);
  CHECK(run_balse({"fit", folder.path(""), "--model", two}).exit_code == EX_USAGE);
}

}  // namespace describe_test
