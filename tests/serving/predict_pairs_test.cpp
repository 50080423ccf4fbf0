#include "balse/serving/predict_pairs.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/row_text.hpp"
#include "balse/support/random.hpp"

#include "support/errors.hpp"
#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string number(double value) {
  std::string text;
  append_prediction(text, value);
  return text;
}

struct Served {
  std::string text;
  PredictPairsSummary summary;
};

class Server {
 public:
  Served run(const std::vector<std::string>& files, const PredictPairsOptions& options = {}) {
    Served served;
    served.summary = predict_pairs(files, sample_.model(), options,
                                   [&](std::string_view text) { served.text += text; });
    return served;
  }
  Served text(const std::string& pairs, const PredictPairsOptions& options = {}) {
    return run({folder_.write("pairs", pairs)}, options);
  }
  std::string value(const std::string& user, const std::string& item) const {
    const TrainedModel& model = sample_.model();
    const Predictors predictors = model.predictors();
    return number(
        predictors.find(Model::balse)
            ->predict(
                model.users.find(user).value_or(static_cast<std::uint32_t>(model.users.size())),
                model.items.find(item).value_or(static_cast<std::uint32_t>(model.items.size()))));
  }
  const TemporaryFolder& folder() const { return folder_; }
  const TrainedModel& model() const { return sample_.model(); }

 private:
  SampleModel sample_;
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("predictions are written with six digits", "[serving]") {
  CHECK(number(0.0) == "0.000000");
  CHECK(number(-1e-9) == "0.000000");
  CHECK(number(1.5) == "1.500000");
  CHECK(number(-2.0) == "-2.000000");
  CHECK(number(0.9999999) == "1.000000");
  CHECK(number(-0.000001) == "-0.000001");
  CHECK(number(1e15) == "1000000000000000.000000");
  CHECK(number(std::nan("")) == "nan");
  Random random(3);
  for (int k = 0; k < 20000; ++k) {
    const double value = random.normal() * std::pow(10.0, static_cast<double>(random.below(8)));
    const std::string text = number(value);
    double back = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    REQUIRE(std::abs(back - value) <= 0.5000001e-6 + 1e-15 * std::abs(value));
    REQUIRE(text.size() - text.find('.') == 7);
  }
}

TEST_CASE("a row comes out for each row, in order, at any thread count", "[serving]") {
  Server server;
  Random random(7);
  std::string pairs = "user,item\n";
  std::string expected = "user,item,prediction\n";
  std::vector<std::vector<std::string>> known(32, std::vector<std::string>(52));
  for (int k = 0; k < 120'000; ++k) {
    const auto u = random.below(32);  // two of them unknown
    const auto i = random.below(52);
    const std::string user = "u" + std::to_string(u);
    const std::string item = "i" + std::to_string(i);
    if (known[u][i].empty()) {
      known[u][i] = server.value(user, item);
    }
    pairs += user + "," + item + "\n";
    expected += user + "," + item + "," + known[u][i] + "\n";
  }
  for (const int threads : {1, 2, 5}) {
    PredictPairsOptions options;
    options.threads = threads;
    const Served served = server.text(pairs, options);
    CHECK(served.summary.rows == 120'000);
    CHECK(served.summary.fallbacks[static_cast<int>(Fallback::unseen_user)] > 0);
    REQUIRE(served.text == expected);
  }
}

TEST_CASE("columns of the input are passed through", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  CHECK(server.text("when,item_id,user_id,note\n1999,i2,u1,\"a, b\"\n").text ==
        "when,item_id,user_id,note,prediction\n1999,i2,u1,\"a, b\"," + v + "\n");
  CHECK(server.text("u1::i2::3\n").text == "user,item,column3,prediction\nu1,i2,3," + v + "\n");
  CHECK(server.text("u1\ti2\n").text == "user,item,prediction\nu1,i2," + v + "\n");
  CHECK(server.text("\xef\xbb\xbfuser,item\r\nu1,i2\r\n\r\nu1,i2").text ==
        "user,item,prediction\nu1,i2," + v + "\nu1,i2," + v + "\n");
  PredictPairsOptions options;
  options.columns = "user=2,item=1";
  CHECK(server.text("i2,u1\n", options).text == "item,user,prediction\ni2,u1," + v + "\n");
  options = {};
  options.format = RowFormat::tsv;
  options.header = false;
  CHECK(server.text("u1,i2,\"x\ty\"\n", options).text == "u1\ti2\tx y\t" + v + "\n");
  options.format = RowFormat::jsonl;
  CHECK(server.text("user,item,say\nu1,i2,\"a \"\"b\"\"\"\n", options).text ==
        R"({"user":"u1","item":"i2","say":"a \"b\"","prediction":)" + v + "}\n");
  options = {};
  CHECK(server.text("").text == "user,item,prediction\n");
  CHECK(server.text("item,user,when\n").text == "item,user,when,prediction\n");
}

TEST_CASE("what people put before the first pair is none", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  const std::string answer = "user,item,prediction\nu1,i2," + v + "\n";
  CHECK(server.text("sep=;\nuser;item\nu1;i2\n").text == answer);
  CHECK(server.text("\xef\xbb\xbfsep=|\r\nu1|i2\r\n").text == answer);
  CHECK(server.text("\"sep=;\"\nu1;i2\n").text == answer);
  CHECK(server.text("# made by hand, in a hurry\n\n% twice\nuser,item\nu1,i2\n").text == answer);
  CHECK(server.text("# as JSON\n{\"user\":\"u1\",\"item\":\"i2\"}\n").text ==
        R"({"user":"u1","item":"i2","prediction":)" + v + "}\n");
  // The file's word holds where the rows could be split otherwise, too; the option's comes first.
  CHECK(server.text("sep=;\nu1;i2;a,b,c\n").text ==
        "user,item,column3,prediction\nu1,i2,\"a,b,c\"," + v + "\n");
  PredictPairsOptions options;
  options.delimiter = "|";
  CHECK(server.text("sep=;\nu1|i2\n", options).text == answer);
  // It is of its own file alone, and lines keep their numbers.
  const std::string first = server.folder().write("first", "sep=;\nu1;i2\n");
  const std::string second = server.folder().write("second", "u1,i2\n");
  CHECK(server.run({first, second}).text == answer + "u1,i2," + v + "\n");
  CHECK_THAT(error_of([&] { server.text("# one\nsep=;\nu1;i2\nu1,i2\n"); }).what(),
             Contains(":4: "));
  // After the first row such lines are rows like others.
  options = {};
  options.skip_bad_rows = true;
  const Served served = server.text("u1,i2\n# late\nsep=;\n", options);
  CHECK(served.summary.bad_rows == 2);
  CHECK(server.text("u9\n# late\nu1,i2\n", options).summary.bad_rows == 2);
  CHECK(server.text("sep=;\nu9\n", options).summary.bad_rows == 1);
  CHECK(server.text("# nothing else\n").text == "user,item,prediction\n");
}

TEST_CASE("what is behind a prediction can be asked for", "[serving]") {
  Server server;
  PredictPairsOptions options;
  options.more = {{.model = Model::als},
                  {.model = Model::lasso},
                  {.what = PredictionColumn::What::weight},
                  {.what = PredictionColumn::What::fallback}};
  const Predictors predictors = server.model().predictors();
  const auto user = *server.model().users.find("u1");
  const auto item = *server.model().items.find("i2");
  const double weight = predictors.weight(Model::balse, Model::als, user, item);
  CHECK(server.text("u1,i2\nu1,none\n", options).text ==
        "user,item,prediction,als,lasso,weight,fallback\nu1,i2," + server.value("u1", "i2") + "," +
            number(predictors.find(Model::als)->predict(user, item)) + "," +
            number(predictors.find(Model::lasso)->predict(user, item)) + "," + number(weight) +
            ",none\nu1,none," + server.value("u1", "none") + "," +
            number(predictors.find(Model::als)->predict(user, 999)) + "," +
            number(predictors.find(Model::lasso)->predict(user, 999)) + "," +
            number(predictors.weight(Model::balse, Model::als, user, 999)) + ",unseen-item\n");
}

TEST_CASE("bad pairs are named by file and line, and what came before is written", "[serving]") {
  Server server;
  std::string pairs = "user,item\n";
  std::size_t lines = 1;
  while (pairs.size() < 900'000) {  // several chunks
    pairs += "u1,i2\n";
    ++lines;
  }
  const auto message = [&](const std::string& end, PredictPairsOptions options) {
    std::string text;
    const std::string path = server.folder().write("pairs", pairs + end);
    const Error error = error_of([&] {
      predict_pairs({path}, server.model(), options, [&](std::string_view out) { text += out; });
    });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.parts().line == lines + 2);
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == lines + 1);
    return std::string(error.what());
  };
  PredictPairsOptions options;
  options.threads = 3;
  CHECK_THAT(message("u1,i2\nonly\nu1,i2\n", options), Contains("1 column when"));
  CHECK_THAT(message("u1,i2\n\"u1,i2\n", options), Contains("quote"));
  CHECK_THAT(message("u1,i2\nu1,\xff\xfe\n", options), Contains("UTF-8"));
  CHECK_THAT(message("u1,i2\n,i2\n", options), Contains("empty id"));
  CHECK_THAT(message("u1,i2\nu1,i2,more\n", options), Contains("3 columns when"));
  options.strict = true;
  CHECK_THAT(message("u1,i2\nu1,nobody's\n", options), Contains("item \"nobody's\" is unknown"));
  CHECK_THAT(message("u1,i2\nx,i2\n", options), Contains("user \"x\" is unknown"));
  options.strict = false;
  options.skip_bad_rows = true;
  const Served served = server.text(pairs + "only\nu1,i2\n", options);
  CHECK(served.summary.bad_rows == 1);
  CHECK(served.summary.rows == lines);
  CHECK_THAT(served.summary.first_bad_rows.at(0), Contains(":" + std::to_string(lines + 1) + ":"));
}

TEST_CASE("several files are one stream with one header", "[serving]") {
  Server server;
  const std::string a = server.folder().write("a", "user,item\nu1,i2\n");
  const std::string b = server.folder().write("b", "");
  const std::string c = server.folder().write("c", "u2\ti3");
  CHECK(server.run({a, b, c}).text == "user,item,prediction\nu1,i2," + server.value("u1", "i2") +
                                          "\nu2,i3," + server.value("u2", "i3") + "\n");
  const std::string turned = server.folder().write("t", "item,user\ni2,u1\n");
  const Error error = error_of([&] { server.run({a, turned}); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK_THAT(error.what(), Contains("item,user") && Contains("user,item"));
  const std::string wide = server.folder().write("d", "u1,i2,more\n");
  CHECK(error_of([&] { server.run({a, wide}); }).kind() == ErrorKind::bad_data);
  CHECK(error_of([&] {
          server.run({a, server.folder().path("absent")});
        }).kind() == ErrorKind::no_input);
}

TEST_CASE("a first row that is none is a bad row like others", "[serving]") {
  Server server;
  const std::string rows = "u1,i2\nu2,i3\n";
  for (const std::string first : {"\"abc,1\n", "1,\"abc\n", "abc\n", "user,item\xff\n"}) {
    const Error error = error_of([&] { server.text("\n" + first + rows); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.parts().line == 2);
    PredictPairsOptions options;
    options.skip_bad_rows = true;
    const Served served = server.text("\n" + first + rows, options);
    CHECK(served.summary.bad_rows == 1);
    CHECK(served.summary.first_bad_rows.size() == 1);
    CHECK(served.summary.rows == 2);
    CHECK_THAT(served.text, StartsWith("user,item,prediction,error\n") && Contains("\nu1,i2,"));
    // It is answered as well, first, and has its own line in the message.
    CHECK(std::count(served.text.begin(), served.text.end(), '\n') == 4);
    CHECK_THAT(served.summary.first_bad_rows[0], Contains(":2: "));
  }
}

TEST_CASE("a row that is skipped is answered, so that asker and answers stay in step",
          "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  PredictPairsOptions options;
  options.skip_bad_rows = true;
  options.more = {{.what = PredictionColumn::What::fallback}};
  CHECK(server.text("user,item,note\nu1,i2,a\n\nu1\n\"u1,i2\nu1,i2,b\n", options).text ==
        "user,item,note,prediction,fallback,error\nu1,i2,a," + v + ",none,\n" +
            "u1,,,,,\"1 column when \"\"u1\"\" is split at commas; expected 3, as in the first "
            "row\"\n" +
            ",,,,,\"a quote that is not closed in \"\"\"\"u1,i2\"\"; expected 3, as in the first "
            "row\"\n" +
            "u1,i2,b," + v + ",none,\n");
  options.format = RowFormat::jsonl;
  options.more.clear();
  CHECK(
      server.text("user,item\nu1\nu1,i2\n", options).text ==
      R"({"user":"u1","error":"1 column when \"u1\" is split at commas; expected 2, as in the first row"})"
      "\n"
      R"({"user":"u1","item":"i2","prediction":)" +
          v + "}\n");
}

TEST_CASE("first rows that are none are answered once it is known what rows are", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  PredictPairsOptions options;
  options.skip_bad_rows = true;
  const Served served = server.text("x\nuser,item,note\nu1,i2,a\ny\n", options);
  CHECK_THAT(served.text, StartsWith("user,item,note,prediction,error\nx,,,,") &&
                              Contains("\nu1,i2,a," + v + ",\ny,,,,"));
  CHECK_THAT(served.summary.first_bad_rows.at(1), Contains(":4: "));
  CHECK_THAT(server.text("x\n", options).text, StartsWith("user,item,prediction,error\nx,,,"));
  CHECK_THAT(server.text("{bad\n{\"user\":\"u1\",\"item\":\"i2\"}\n", options).text,
             StartsWith("{\"error\":") && Contains("\n{\"user\":\"u1\",\"item\":\"i2\","));
  // A header that comes again, where files were joined, is no pair.
  CHECK_THAT(error_of([&] { server.text("user,item\nu1,i2\nuser,item\n"); }).what(),
             Contains(":3: the header again"));
  CHECK(server.text("user_id,username,item\nu1,x,i2\n").summary.guesses.size() == 1);
}

TEST_CASE("JSON lines come back with all their members", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  CHECK(
      server
          .text("{\"user\":\"u1\",\"item\":\"i2\"}\n{\"x\":[1,{}],\"item\":\"i2\",\"prediction\":0,"
                "\"user\":\"u1\"}\n")
          .text == R"({"user":"u1","item":"i2","prediction":)" + v + "}\n" +
                       R"({"x":[1,{}],"item":"i2","prediction_2":0,"user":"u1","prediction":)" + v +
                       "}\n");
  PredictPairsOptions options;
  options.format = RowFormat::csv;
  options.columns = "user=who,item=what";
  const Served served = server.text(
      "{\"who\":\"u1\",\"what\":\"i2\",\"n\":1.5}\n{\"what\":\"i2\",\"who\":\"u1\",\"m\":2}\n",
      options);
  CHECK(served.text == "who,what,n,prediction\nu1,i2,1.5," + v + "\nu1,i2,," + v + "\n");
  CHECK(served.summary.lost_member == "m");
  options = {};
  CHECK_THAT(error_of([&] {
               server.text("{\"user\":\"u1\",\"item\":\"i2\"}\n{\"user\":\"u1\"}\n");
             }).what(),
             Contains(":2: no item in"));
  options.skip_bad_rows = true;
  const std::string answers =
      server.text("{\"user\":\"u1\",\"item\":\"i2\"}\n{\"user\":\"u1\"}\n}\n", options).text;
  CHECK_THAT(answers, Contains("\n{\"user\":\"u1\",\"error\":\"no item in ") &&
                          Contains("\n{\"error\":\"no JSON object in "));
}

TEST_CASE("a header that nobody understands is never predicted", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  PredictPairsOptions skip;
  skip.skip_bad_rows = true;
  for (const PredictPairsOptions& options : {PredictPairsOptions(), skip}) {
    const Error error = error_of([&] { server.text("work,member\ni2,u1\n", options); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("\"work\", \"member\"") &&
                                 Contains("--pair-columns user=member,item=work"));
  }
  PredictPairsOptions named;
  named.columns = "user=member,item=work";
  CHECK(server.text("work,member\ni2,u1\n", named).text ==
        "work,member,prediction\ni2,u1," + v + "\n");
  named.columns = "item=1,user=member";
  CHECK(server.text("work,member\ni2,u1\n", named).text ==
        "work,member,prediction\ni2,u1," + v + "\n");
  named.columns = "item=nothing";
  CHECK_THAT(error_of([&] { server.text("work,member\ni2,u1\n", named); }).what(),
             Contains("no column is called \"nothing\"") || Contains("known to be the user"));
  // Ids that the model does not have are normal, but a first row of them may be a header.
  CHECK(server.text("u1,i2\n").summary.guesses.empty());
  const Served served = server.text("newcomer,i2\n");
  REQUIRE(served.summary.guesses.size() == 1);
  CHECK_THAT(served.summary.guesses[0], Contains("the first row is taken for a pair"));
}

TEST_CASE("pairs may have old line ends, and be no text at all", "[serving]") {
  Server server;
  const std::string v = server.value("u1", "i2");
  CHECK(server.text("user,item\ru1,i2\ru1,i2").text ==
        "user,item,prediction\nu1,i2," + v + "\nu1,i2," + v + "\n");
  CHECK(server.text("u1  i2\nu1\ti2\n").text ==
        "user,item,prediction\nu1,i2," + v + "\nu1,i2," + v + "\n");
  CHECK_THAT(error_of([&] { server.text("<!DOCTYPE html><html>"); }).what(),
             Contains("an HTML page"));
}

TEST_CASE("rows before the place where a file breaks off are written", "[serving]") {
  Server server;
  const std::string a = server.folder().write("a", "user,item\nu1,i2\nonly\n");
  // The earlier problem is the one that is told.
  CHECK_THAT(error_of([&] {
               server.run({a, server.folder().path("absent")});
             }).what(),
             Contains("1 column when"));
}

TEST_CASE("an output that fails ends the run", "[serving]") {
  Server server;
  std::string pairs;
  while (pairs.size() < 4'000'000) {
    pairs += "u1,i2\n";
  }
  const std::string path = server.folder().write("pairs", pairs);
  int writes = 0;
  CHECK(error_of([&] {
          predict_pairs({path}, server.model(), {}, [&](std::string_view) {
            if (++writes == 3) {
              throw Error(ErrorKind::io, {.found = "full"});
            }
          });
        }).kind() == ErrorKind::io);
  CHECK(writes == 3);
}

TEST_CASE("many short runs all come to their end", "[serving]") {
  // A worker that starts late, or early, must not leave the reader waiting for ever.
  Server server;
  PredictPairsOptions options;
  const std::string expected = server.text("u1,i2\nu2,i3\n", options).text;
  for (int threads = 1; threads <= 4; ++threads) {
    options.threads = threads;
    for (int run = 0; run < 300; ++run) {
      REQUIRE(server.text("u1,i2\nu2,i3\n", options).text == expected);
    }
  }
}
