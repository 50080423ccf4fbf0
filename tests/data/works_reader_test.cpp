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
  CHECK(read("1|Toy Story, A|01-Jan-1995\n") == Rows{"1/Toy Story, A/01-Jan-1995"});
  CHECK(read("1,\n") == Rows{"1//"});
  CHECK(read("1,Old\n2,B\n1,New,x\n\n") == Rows{"1/New/x", "2/B/"});
  CHECK(summary.duplicates == 1);
  CHECK(summary.rows == 3);
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
