#include <algorithm>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/demo_model.hpp"
#include "cli/run_program.hpp"
#include "support/sanitizers.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace predict_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

Outcome predict(std::vector<std::string> more, std::string_view input = {}) {
  more.insert(more.begin(), {"predict", "--model", demo_model()});
  return run_balse(more, input);
}

double last_number(const std::string& text) {
  return std::stod(text.substr(text.find_last_of(",") + 1));
}

/// The begin of a script: models `one` and `other` that answer 0,1 as $first and $second, `model`,
/// which is `one`, and ask, which has coprocess B answer it as $row.
std::string two_models(const TemporaryFolder& folder) {
  REQUIRE(
      run_balse({"fit", kData + "ratings.csv", "--model", folder.path("other"), "--als-rank", "3"})
          .exit_code == EX_OK);
  return "cd '" + folder.path() + "' && cp " + demo_model() + R"( one &&
ask() { echo 0,1 >&"${B[1]}"; read -r -t 20 row <&"${B[0]}" || exit 7; }
first=$(echo 0,1 | )" +
         BALSE_PROGRAM R"( predict --model one --no-header)
second=$(echo 0,1 | )" +
         BALSE_PROGRAM R"( predict --model other --no-header)
[ "$first" != "$second" ] || exit 2
cp one model
)";
}

}  // namespace

TEST_CASE("predict answers on standard output, in words only where something fell back",
          "[cli][predict]") {
  const Outcome known = predict({}, "user,item\n0,1\n1,2\n");
  CHECK(known.exit_code == EX_OK);
  CHECK_THAT(known.out, StartsWith("user,item,prediction\n0,1,"));
  CHECK(known.err.empty());
  const Outcome unknown = predict({"--columns", "fallback", "--no-header"}, "who,1\n0,what\n");
  CHECK(unknown.exit_code == EX_OK);
  CHECK_THAT(unknown.out, Contains(",unseen-user\n") && Contains(",unseen-item\n"));
  CHECK_THAT(unknown.err, Contains("1 unseen-item, 1 unseen-user"));
  const Outcome strict = predict({"--strict"}, "0,1\nwho,1\n");
  CHECK(strict.exit_code == EX_DATAERR);
  CHECK_THAT(strict.out, StartsWith("user,item,prediction\n0,1,"));
  CHECK_THAT(strict.err, Contains("standard input:2:") && Contains("\"who\""));
  CHECK(predict({"--columns", "gold"}).exit_code == EX_USAGE);
  CHECK(predict({"/nowhere"}).exit_code == EX_NOINPUT);
  CHECK(run_balse({"predict"}).exit_code == EX_USAGE);
}

TEST_CASE("a pipe gets its first answer while it is open, and a closed one ends quietly",
          "[cli][predict]") {
  const std::string program = std::string(BALSE_PROGRAM) + " predict --model " + demo_model();
  const Outcome first = run_command(
      "bash", {"-c", "(echo 0,1; sleep 20) | " + program +
                         " | (read -t 10 header && read -t 10 row && echo \"$row\")& wait $!"});
  CHECK_THAT(first.out, StartsWith("0,1,"));
  const Outcome closed =
      run_command("bash", {"-c", "yes 0,1 | " + program + " | head -2; echo ${PIPESTATUS[1]}"});
  CHECK_THAT(closed.out, Contains("\n141\n"));  // ended by SIGPIPE, as cat is
  CHECK(closed.err.empty());
  const Outcome full =
      run_command("bash", {"-c", "yes 0,1 | head -9 | " + program + " > /dev/full"});
  CHECK(full.exit_code == EX_IOERR);
}

TEST_CASE("a process that watches goes on with the model that replaces its own", "[cli][predict]") {
  const TemporaryFolder folder;
  // Every answer is that of the model that is there when it is asked; damaged ones are passed over.
  const std::string script = two_models(folder) + R"(coproc B { exec )" +
                             BALSE_PROGRAM R"( predict --model model --watch --no-header 2> err; }
for night in 1 2 3 4 5 6; do
  for k in $(seq 20); do ask; [ "$row" = "$first" ] || exit 3; done
  cp other new && mv new model
  for k in $(seq 20); do ask; [ "$row" = "$second" ] || exit 4; done
  head -c 1000 one > new && mv new model
  ask; [ "$row" = "$second" ] || exit 5
  rm model; ask; [ "$row" = "$second" ] || exit 6
  cp one new && mv new model
done
exec {B[1]}>&-
wait
grep -c 'going on with the model of before' err)";
  const Outcome outcome = run_command("bash", {"-c", script});
  INFO(outcome.err);
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out == "6\n");
}

TEST_CASE("SIGHUP has the model opened anew between two answers", "[cli][predict]") {
  const TemporaryFolder folder;
  // Without the signal the model stays; what asks after it gets the new one. Between, rows come as
  // fast as they can while signals do, and none is lost or answered by half.
  const std::string script = two_models(folder) + R"(coproc B { exec )" +
                             BALSE_PROGRAM R"( predict --model model --no-header 2> err; }
pid=$B_PID
ask
for night in 1 2 3; do
  cp other new && mv new model
  for k in 1 2 3; do ask; [ "$row" = "$first" ] || exit 3; done
  kill -HUP $pid
  for k in 1 2 3; do ask; [ "$row" = "$second" ] || exit 4; done
  head -c 1000 one > new && mv new model
  kill -HUP $pid
  ask; [ "$row" = "$second" ] || exit 5
  rm model; kill -HUP $pid; ask; [ "$row" = "$second" ] || exit 6
  cp one new && mv new model
  kill -HUP $pid
  ask; [ "$row" = "$first" ] || exit 8
done
(for k in $(seq 300); do kill -HUP $pid; sleep 0.001; done) &
storm=$!
for k in $(seq 300); do ask; [ "$row" = "$first" ] || exit 9; done
wait $storm
exec {B[1]}>&-
wait
grep -c 'going on with the model of before' err
grep -q 'opened model anew' err)";
  const Outcome outcome = run_command("bash", {"-c", script});
  INFO(outcome.err);
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out == "6\n");
}

TEST_CASE("SIGHUP brings new tags in, and opens the model while nobody asks", "[cli][predict]") {
  const TemporaryFolder folder;
  const std::string script =
      "cd '" + folder.path() + "' && cp " + demo_model() + R"( model
ask() { echo '10,fresh' >&"${B[1]}"; read -r -t 20 row <&"${B[0]}" || exit 7; }
echo 'item,tag,weight' > t.csv; echo 'other,starry sky,1' >> t.csv
coproc B { exec )" +
      BALSE_PROGRAM R"( predict --model model --tags t.csv --no-header --columns fallback 2> err; }
pid=$B_PID
ask; [[ $row = *,unseen-item ]] || exit 2
echo 'fresh,starry sky,1' >> t.csv
kill -HUP $pid
for k in $(seq 200); do grep -q anew err && break; sleep 0.05; done
grep -q 'opened model anew' err || exit 3
ask; [[ $row = *,none ]] || exit 4
exec {B[1]}>&-
wait)";
  const Outcome outcome = run_command("bash", {"-c", script});
  INFO(outcome.out << outcome.err);
  CHECK(outcome.exit_code == EX_OK);
}

TEST_CASE("SIGHUP ends a predict that reads a file, as it did", "[cli][predict]") {
  const std::string program = std::string(BALSE_PROGRAM) + " predict --model " + demo_model();
  const TemporaryFolder folder;
  // More than a pipe holds that nobody reads.
  const Outcome outcome = run_command(
      "bash",
      {"-c", "cd '" + folder.path() + "' && mkfifo full && yes 0,1 | head -100000 > pairs; " +
                 "sleep 20 < full & reader=$!; " + program +
                 " pairs > full & asked=$!; sleep 0.3; kill -HUP $asked; wait $asked; " +
                 "code=$?; kill $reader; exit $code"});
  CHECK(outcome.exit_code == 128 + 1);
}

TEST_CASE("memory does not grow with the input", "[cli][predict]") {
  const std::string program = std::string(BALSE_PROGRAM) + " predict --model " + demo_model();
  // Far more address space than it needs, and less than the input.
  const std::string limit = kHasSanitizer ? "" : "ulimit -v 400000; ";
  const std::string rows = kHasSanitizer ? "200000" : "20000000";
  const Outcome outcome = run_command(
      "bash", {"-c", limit + "yes 0,1 | head -" + rows + " | " + program +
                         " --threads 2 | awk 'END { print NR; print > \"/dev/stderr\" }'"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, StartsWith("0,1,"));
  CHECK(std::stoul(outcome.out) == std::stoul(rows) + 1);
}

TEST_CASE("the automatic track: tags tonight, ratings later", "[cli][predict]") {
  // A manga announced today has a poster, so tags, and no rating: its tags make the prediction.
  const TemporaryFolder folder;
  const auto taste = nlohmann::json::parse(
      run_balse({"explain", "--model", demo_model(), "--user", "10", "--json"}).out);
  REQUIRE(!taste["preferred"].empty());
  REQUIRE(!taste["disliked"].empty());
  const std::string liked = taste["preferred"][0]["tag"];
  const std::string disliked = taste["disliked"][0]["tag"];
  const std::string tags =
      folder.write("new.csv", "item,tag,weight\nnew-good," + liked + ",1\nnew-bad," + disliked +
                                  ",1\nnew-good,a tag of tomorrow,1\n");
  const Outcome blind = predict({"--no-header"}, "10,new-good\n10,new-bad\n");
  const Outcome tonight = predict({"--no-header", "--tags", tags, "--columns", "weight,fallback"},
                                  "10,new-good\n10,new-bad\n10,new-other\n");
  CHECK_THAT(blind.err, Contains("2 unseen-item"));
  CHECK_THAT(tonight.err, Contains("ignored 1 tags") || Contains("ignored 1 tag"));
  std::vector<double> scores;
  for (std::size_t at = 0; at < tonight.out.size(); at = tonight.out.find('\n', at) + 1) {
    const std::size_t comma = tonight.out.find(',', tonight.out.find(',', at) + 1);
    scores.push_back(std::stod(tonight.out.substr(comma + 1)));
  }
  REQUIRE(scores.size() == 3);
  CHECK(scores[0] > scores[1]);
  CHECK_THAT(tonight.out, Contains("new-other") && Contains("unseen-item"));
  const Outcome recommended = run_balse({"recommend", "--model", demo_model(), "--tags", tags,
                                         "--user", "10", "--only", "cold", "-n", "1"});
  CHECK_THAT(recommended.out, Contains("new-good") && Contains(liked + " +"));

  // When ratings have come, a model that is fitted again trusts them: the gate's weight of ALS
  // grows.
  std::string ratings = read_file(kData + "ratings.csv");
  for (int user = 100; user < 200; ++user) {
    ratings += std::to_string(user) + ",new-good,dislike\n";
  }
  const std::string grown = folder.write("grown.csv", ratings);
  const std::string all_tags =
      folder.write("all.csv", read_file(kData + "tags.csv") + read_file(tags).substr(16));
  REQUIRE(
      run_balse({"fit", grown, "--tags", all_tags, "--model", folder.path("model")}).exit_code ==
      EX_OK);
  const Outcome later =
      run_balse({"predict", "--model", folder.path("model"), "--no-header", "--columns", "weight"},
                "10,new-good\n10,new-bad\n");
  const std::string first_row = later.out.substr(0, later.out.find('\n'));
  const std::string second_row = later.out.substr(later.out.find('\n') + 1);
  CHECK(last_number(first_row) > last_number(second_row) + 0.1);
}

TEST_CASE("tags of new items may be spelled as other taggers do", "[cli][predict]") {
  const TemporaryFolder folder;
  const auto answer = [&](const std::string& name, const std::string& content) {
    const Outcome outcome =
        predict({"--tags", folder.write(name, content), "--no-header"}, "10,announced today\n");
    CHECK(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, !Contains("ignored"));
    return outcome.out;
  };
  const std::string spaces = answer("t.csv", "item,tag,weight\nannounced today,starry sky,1\n");
  CHECK(answer("t.csv", "item,tag,weight\nannounced today,starry_sky,1\n") == spaces);
  CHECK(answer("t.jsonl", "{\"item\":\"announced today\",\"tags\":[\"starry_sky\"]}\n") == spaces);
  CHECK(answer("t.csv", "item,tags\nannounced today,starry sky\n") == spaces);
}

TEST_CASE("recommend streams rows, best first, with reasons", "[cli][recommend]") {
  const auto recommend = [&](std::vector<std::string> more, std::string_view input = {}) {
    more.insert(more.begin(), {"recommend", "--model", demo_model()});
    return run_balse(more, input);
  };
  const Outcome one = recommend({"--user", "10", "-n", "3"});
  CHECK(one.exit_code == EX_OK);
  CHECK_THAT(one.out, StartsWith("user,rank,item,title,score,fallback,reasons\n10,1,"));
  CHECK(std::count(one.out.begin(), one.out.end(), '\n') == 4);
  const Outcome all = recommend({"--all-users", "--format", "jsonl", "-n", "2"});
  CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 600);
  const auto row = nlohmann::json::parse(all.out.substr(0, all.out.find('\n')));
  CHECK(row["rank"] == 1);
  CHECK(!row["title"].get<std::string>().empty());
  CHECK(recommend({"--all-users", "--threads", "1"}).out ==
        recommend({"--all-users", "--threads", "3"}).out);
  const Outcome listed =
      recommend({"--users", "-", "-n", "1", "--no-header"}, "user\n10\nnobody\n");
  CHECK(std::count(listed.out.begin(), listed.out.end(), '\n') == 2);
  CHECK_THAT(listed.err, Contains("1 of 2 users"));
  CHECK_THAT(listed.out, Contains("unseen-user"));
  const Outcome by_column =
      recommend({"--users", "-", "--users-column", "who", "-n", "1"}, "nr,who\n1,10\n2,11\n");
  CHECK_THAT(by_column.out, Contains("\n10,1,") && Contains("\n11,1,"));
  const TemporaryFolder folder;
  const std::string items = folder.write("items", "nr,what\n1,111\n2,765\n");
  CHECK(recommend({"--user", "10", "--items", items}).exit_code == EX_DATAERR);
  const Outcome some = recommend({"--user", "10", "--items", items, "--items-column", "2"});
  CHECK(some.exit_code == EX_OK);
  CHECK(std::count(some.out.begin(), some.out.end(), '\n') == 3);
  CHECK_THAT(some.err, Contains("\"what\", is taken for a header"));
  CHECK(recommend({}).exit_code == EX_USAGE);
  CHECK(recommend({"--user", "1", "--all-users"}).exit_code == EX_USAGE);
}

TEST_CASE("explain adds up, and says where it knows nothing", "[cli][explain]") {
  const auto explain = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"explain", "--model", demo_model()});
    return run_balse(more);
  };
  const Outcome taste = explain({"--user", "10", "-k", "2"});
  CHECK(taste.exit_code == EX_OK);
  CHECK_THAT(taste.out, Contains("Most preferred tags\n    +") && Contains("Most disliked tags\n"));
  int with_reasons = 0;
  for (int item = 0; item < 40; ++item) {
    const auto json = nlohmann::json::parse(
        explain({"--user", "10", "--item", std::to_string(item), "--json"}).out);
    double sum = json["intercept"];
    for (const char* side : {"for", "against"}) {
      for (const auto& one : json[side]) {
        sum += one["contribution"].get<double>();
        ++with_reasons;
      }
    }
    CHECK(sum == json["lasso_unclipped"].get<double>());
    const double weight = json["als_weight"];
    CHECK(json["prediction"].get<double>() ==
          Approx(weight * json["als"].get<double>() + (1 - weight) * json["lasso"].get<double>()));
    CHECK_THAT(json["sentence"].get<std::string>(),
               StartsWith("We recommend to you ") || StartsWith("You might not like "));
  }
  CHECK(with_reasons > 20);
  const Outcome all = explain({"--all-users", "--format", "jsonl"});
  CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 300);
  CHECK(nlohmann::json::parse(all.out.substr(0, all.out.find('\n')))["known"] == true);
  CHECK(explain({"--all-users", "--user", "1"}).exit_code == EX_USAGE);
  CHECK(explain({}).exit_code == EX_USAGE);
  CHECK_THAT(
      explain({"--user", "10", "--item", "111", "--format", "markdown"}).out,
      StartsWith("We recommend to you ") && Contains("| prediction | ") && Contains("| ALS | 0.4"));
  CHECK_THAT(explain({"--user", "10", "--format", "markdown"}).out,
             StartsWith("### User 10\n\n| tag | points | ratings |\n|---|---:|---:|\n"));
  CHECK_THAT(explain({"--user", "1O"}).err,
             Contains("has no user \"1O\"") && Contains("as \"10\""));
  CHECK_THAT(explain({"--user", "10", "--item", "111", "--hide-tags", "starry sky,nothing"}).out,
             !Contains("starry sky and") && !Contains("because there is starry sky"));
  CHECK_THAT(explain({"--user", "10", "--item", "1"}).out,
             Contains("LASSO is the sum of") && Contains("ALS ") && Contains("weight"));
}

}  // namespace predict_test
