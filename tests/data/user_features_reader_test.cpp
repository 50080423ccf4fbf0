// Features of users, which are read as tags of items are.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/tags_reader.hpp"

#include "support/errors.hpp"
#include "support/tag_rows.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace user_features_reader_test {
namespace {

using Rows = std::vector<std::string>;

ReadTagsSummary features_summary;

Tags read_features(const std::string& content) {
  const TemporaryFolder folder;
  return read_tags(folder.write("users.csv", content),
                   {.subject = TagSubject::users, .can_skip = true}, features_summary);
}

Rows rows_of_users(const std::string& content) {
  return tag_rows(read_features(content));
}

std::string message_of(const std::string& content) {
  const Error error = error_of([&] { read_features(content); });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

const Rows kBoth = {"7: female=1 student=1", "8: student=0.5"};

}  // namespace

TEST_CASE("features of users are read from rows of user,feature,value", "[user-features]") {
  CHECK(rows_of_users("user,feature,value\n7,female,1\n7,student,1\n8,student,0.5\n") == kBoth);
  CHECK(rows_of_users(
            "user_id\tattribute\tweight\n7\tfemale\t1\n7\tstudent\t1\n8\tstudent\t.5\n") == kBoth);
  CHECK(rows_of_users("7,female,1\n7,student,1\n8,student,0.5\n") == kBoth);
  CHECK(features_summary.read_as ==
        "rows between commas: user = column 1, feature = column 2, value = column 3");
}

TEST_CASE("and from rows of user,feature, lists, and a table", "[user-features]") {
  const Rows ones = {"7: female=1 student=1", "8: student=1"};
  CHECK(rows_of_users("user,feature\n7,female\n7,student\n8,student\n") == ones);
  CHECK(features_summary.guess == "no values, so they are 1");
  CHECK(rows_of_users("user,features\n7,female|student\n8,student\n") == ones);
  CHECK(features_summary.guess == R"(lists of features in "features", each of value 1)");
  CHECK(rows_of_users("user,female,student\n7,1,1\n8,0,0.5\n") == kBoth);
  CHECK(rows_of_users("id,female,student\n7,1,1\n8,0,0.5\n") == kBoth);
}

TEST_CASE("a table says which columns are no features of users", "[user-features]") {
  CHECK(rows_of_users("user,age,female,student\n7,24,1,1\n8,53,0,0.5\n") == kBoth);
  CHECK_THAT(features_summary.guess, Contains(R"(no features are "age")"));
}

TEST_CASE("what is wrong with a file of users is said of users", "[user-features]") {
  const std::string value = message_of("user,feature,value\n7,female,1\n8,female,2.5\n");
  CHECK_THAT(value, Contains("users.csv:3") && Contains(R"("2.5" as the value of a feature)") &&
                        Contains("--skip-bad-rows"));
  CHECK_THAT(message_of("user,feature,value\n,female,1\n"), Contains("an empty user id"));
  CHECK_THAT(message_of("user,feature,value\n7,,1\n"), Contains("an empty feature"));
  CHECK_THAT(message_of("user,feature,value\n7,female\n"), Contains("user,feature,value"));
  CHECK_THAT(
      message_of("wer,was,wie\n7,female,1\n8,student,1\n"),
      Contains("no column is known to be the user") && Contains("rows of user,feature,value"));
  CHECK_THAT(message_of("user,name\n"), !Contains("item") && !Contains("--tag-columns"));
  CHECK_THAT(message_of("\n"), Contains("holds no features"));
  CHECK_THAT(message_of("[{\"user\": 7, \"features\": [\"female\"]}]"), Contains("is JSON"));
  for (const std::string& text : {value, message_of("wer,was,wie\n7,female,1\n8,student,1\n")}) {
    CHECK_THAT(text, !Contains("item") && !Contains("tag"));
  }
}

}  // namespace user_features_reader_test
