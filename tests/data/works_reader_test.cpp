#include "balse/data/works_reader.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Contains;

namespace works_reader_test {
namespace {

using Rows = std::vector<std::string>;

ReadWorksSummary summary;

Rows read(const std::string& content, const ReadWorksOptions& options = {}) {
  const TemporaryFolder folder;
  const Works works = read_works(folder.write("w.csv", content), options, summary);
  REQUIRE(works.titles.size() == works.items.size());
  REQUIRE(works.categories.size() == works.items.size());
  Rows rows;
  for (std::uint32_t i = 0; i < works.items.size(); ++i) {
    rows.push_back(std::string(works.items[i]) + '/' + works.titles[i] + '/' + works.categories[i]);
  }
  return rows;
}

std::string message(const std::string& content) {
  const Error error = error_of([&] { read(content); });
  CHECK(error.kind() == ErrorKind::bad_data);
  const std::string text = error.what();
  return text.substr(std::min(text.find("w.csv"), text.size()));
}

}  // namespace

TEST_CASE("works have titles and perhaps categories", "[works_reader]") {
  CHECK(read("1,Death Note\n2,\"Yes, \"\"Oh\"\"\"\n") == Rows{"1/Death Note/", "2/Yes, \"Oh\"/"});
  CHECK(read("1,Death Note,manga\n2,Bakuman\n") == Rows{"1/Death Note/manga", "2/Bakuman/"});
  CHECK(read("item,title,episodes,Type\n1,A,24,TV\n2,B,1,Movie\n") == Rows{"1/A/TV", "2/B/Movie"});
  CHECK(read("movieId,title,genres\r\n1,Toy Story (1995),Animation|Comedy\r\n") ==
        Rows{"1/Toy Story (1995)/"});
  CHECK(read("1|Toy Story, A|01-Jan-1995\n") == Rows{"1/Toy Story, A/"});
  CHECK(read("1,\n") == Rows{"1//"});
  CHECK(read("1,Old,y\n2,B\n1,New,x\n\n") == Rows{"1/New/x", "2/B/"});
  CHECK(summary.duplicates == 1);
  CHECK(summary.rows == 3);
}

TEST_CASE("where there is no header the title is the first column of words", "[works_reader]") {
  CHECK(read("1,2003,Dinosaur Planet\n2,NULL,Isle of Man\n3,1997,Live, Again\n") ==
        Rows{"1/Dinosaur Planet/", "2/Isle of Man/", "3/Live, Again/"});
  CHECK(summary.guess ==
        "column 3 is taken for the title, as there are numbers before it; 1 title with commas in "
        "it: all to the end of the line");
  CHECK(read("1|GoldenEye (1995)|01-Jan-1995||http://a.b|0|1\n2|300|01-Jan-1995||http://a.c|0|1\n"
             "3|Babe (1995)|01-Jan-1995||http://a.c|0|1\n") ==
        Rows{"1/GoldenEye (1995)/", "2/300/", "3/Babe (1995)/"});
  CHECK(summary.guess.empty());
  CHECK(read("1,86,TV\n2,91 Days,TV\n3,K,TV\n") == Rows{"1/86/TV", "2/91 Days/TV", "3/K/TV"});
}

TEST_CASE("titles with commas that nobody quoted are whole, or told of", "[works_reader]") {
  CHECK(read("item,title\n1,Oh, My\n2,B\n3,\"C, D\"\n") == Rows{"1/Oh, My/", "2/B/", "3/C, D/"});
  CHECK(summary.guess == "1 title with commas in it: all to the end of the line");
  CHECK(read("item,title,type\n1,B,TV\n2,Oh, My,TV\n") == Rows{"1/B/TV", "2/Oh/My"});
  CHECK(summary.guess ==
        "1 row with more than 3 fields, as line 3: titles there may be cut; quotes around them "
        "help");
}

TEST_CASE("bad works are named or skipped", "[works_reader]") {
  CHECK_THAT(message(""), Contains("holds no works"));
  CHECK_THAT(message("item,title\n"), Contains("holds no works"));
  CHECK_THAT(message("1,A\n2\n"), Contains("w.csv:2: missing column"));
  CHECK_THAT(message("1,A\n,B\n"), Contains("w.csv:2: an empty item id"));
  CHECK_THAT(message("1,A\n2,\"B\n"), Contains("w.csv:2: a quote that is not closed"));
  CHECK_THAT(message("1,Caf\xe9\n"), Contains("w.csv:1:") && Contains("iconv"));
  ReadWorksOptions skip;
  skip.skip_bad_rows = true;
  CHECK(read("1,A\n2\n,B\n3,C\n", skip) == Rows{"1/A/", "3/C/"});
  CHECK(summary.bad_rows == 2);
  CHECK(summary.first_bad_rows.size() == 2);
}

}  // namespace works_reader_test
