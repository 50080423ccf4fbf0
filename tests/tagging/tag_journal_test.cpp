#include "balse/tagging/tag_journal.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace tag_journal_test {
namespace {

const std::string kSettings = "weights \"abc\" 0.1";
constexpr std::size_t kTagCount = 10;

Poster poster(const std::string& item, std::uint64_t size = 7, std::int64_t modified = 8) {
  return {.item = item, .path = "/posters/" + item, .size = size, .modified = modified};
}

const std::vector<Poster> kPosters = {poster("a"), poster("b \"quoted\""), poster("\xc3\xa9")};
const std::vector<std::vector<TagWeight>> kWeights = {
    {{0, 0.1F}, {9, 1.0F}}, {}, {{3, 0.123456789F}}};

bool same(const std::vector<TagWeight>& a, const std::vector<TagWeight>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const TagWeight& x, const TagWeight& y) {
                      return x.tag == y.tag && x.weight == y.weight;
                    });
}

/// The journal of folder/tags, with all of kPosters; its bytes.
std::string written(const TemporaryFolder& folder) {
  TagJournal journal(folder.path("tags"), kSettings, kTagCount);
  for (std::size_t k = 0; k < kPosters.size(); ++k) {
    journal.add(kPosters[k], kWeights[k]);
    journal.flush();
  }
  return read_file(journal.path());
}

/// How many of kPosters a journal of these bytes has, the first ones; and it goes on from there.
std::size_t found_in(const TemporaryFolder& folder, const std::string& bytes,
                     const std::string& settings = kSettings) {
  folder.write("tags.partial", bytes);
  const std::string output = folder.path("tags");
  std::size_t found = 0;
  {
    TagJournal journal(output, settings, kTagCount);
    for (std::size_t k = 0; k < kPosters.size(); ++k) {
      const std::vector<TagWeight>* const tags = journal.find(kPosters[k]);
      if (tags != nullptr) {
        CHECK(same(*tags, kWeights[k]));
        CHECK(found == k);
        ++found;
      } else {
        journal.add(kPosters[k], kWeights[k]);
      }
    }
    journal.flush();
  }
  TagJournal complete(output, settings, kTagCount);
  for (const Poster& one : kPosters) {
    CHECK(complete.find(one) != nullptr);
  }
  return found;
}

}  // namespace

TEST_CASE("a journal cut anywhere is resumed after its last whole line", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    INFO(size);
    const std::string cut = bytes.substr(0, size);
    const auto lines = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n'));
    CHECK(found_in(folder, cut) == (lines == 0 ? 0 : lines - 1));
    CHECK(read_file(folder.path("tags.partial")) == bytes);
  }
}

TEST_CASE("a journal of other settings is begun anew", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder);
  CHECK(found_in(folder, bytes, "weights \"abd\" 0.1") == 0);
  CHECK(found_in(folder, bytes, "") == 0);
  CHECK(found_in(folder, bytes, kSettings) == 3);
}

TEST_CASE("a poster that has changed since is not done", "[tag_journal]") {
  const TemporaryFolder folder;
  written(folder);
  const TagJournal journal(folder.path("tags"), kSettings, kTagCount);
  CHECK(journal.find(poster("a")) != nullptr);
  CHECK(journal.find(poster("a", 8, 8)) == nullptr);
  CHECK(journal.find(poster("a", 7, 9)) == nullptr);
  CHECK(journal.find(poster("c")) == nullptr);
  Poster moved = poster("a");
  moved.path = "elsewhere";
  CHECK(journal.find(moved) != nullptr);
  // Of standard input nobody knows whether it is the same again.
  Poster standard_input = poster("a");
  standard_input.content = std::make_shared<const std::vector<std::byte>>(7);
  CHECK(journal.find(standard_input) == nullptr);
}

TEST_CASE("a damaged line and what follows it are not believed", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder);
  const std::size_t second = bytes.find('\n', bytes.find('\n') + 1) + 1;
  const std::string good = bytes.substr(0, second);
  const std::string rest = bytes.substr(second);
  const std::string begin = R"({"item":"b \"quoted\"","path":"","size":7,"modified":8,"tags":)";
  REQUIRE(found_in(folder, good + begin + "[]}\n" + rest.substr(rest.find('\n') + 1)) == 3);
  for (const std::string& line :
       std::vector<std::string>{begin + "[[10,0.5]]}",
                                begin + "[[-1,0.5]]}",
                                begin + "[[0.5,0.5]]}",
                                begin + "[[4294967296,0.5]]}",
                                begin + "[[1]]}",
                                begin + "[[1,0.5,0.5]]}",
                                begin + "[[1,\"0.5\"]]}",
                                begin + "[[1,null]]}",
                                begin + "[[1,1e300]]}",
                                begin + "[1,0.5]}",
                                begin + "{}}",
                                begin + "7}",
                                R"({"item":"b \"quoted\"","path":"","size":7,"modified":8})",
                                R"({"item":7,"path":"","size":7,"modified":8,"tags":[]})",
                                R"({"item":"a","path":null,"size":7,"modified":8,"tags":[]})",
                                R"({"item":"a","path":"","size":-7,"modified":8,"tags":[]})",
                                R"({"item":"a","path":"","size":7.5,"modified":8,"tags":[]})",
                                R"({"item":"a","path":"","size":7,"modified":"8","tags":[]})",
                                "[]",
                                "null",
                                "\"a\"",
                                "7",
                                "",
                                "\xff",
                                std::string(100, '\0'),
                                std::string(100'000, '['),
                                begin + std::string(100'000, '[')}) {
    INFO(line.substr(0, 100));
    CHECK(found_in(folder, good + line + "\n" + rest) == 1);
  }
}

TEST_CASE("a journal that is complete goes away, one that cannot be made says so",
          "[tag_journal]") {
  const TemporaryFolder folder;
  TagJournal journal(folder.path("tags"), kSettings, kTagCount);
  journal.add(kPosters[0], kWeights[0]);
  journal.flush();
  CHECK(journal.remove());
  CHECK(!std::filesystem::exists(folder.path("tags.partial")));
  const Error error =
      error_of([&] { const TagJournal none(folder.path("no/such/folder"), kSettings, kTagCount); });
  CHECK(error.kind() == ErrorKind::cannot_create);
}

TEST_CASE("what is no journal of this user's is not written to", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("tags.partial");
  const auto open = [&] { const TagJournal journal(folder.path("tags"), kSettings, kTagCount); };
  const auto refused = [&] { return error_of(open).kind() == ErrorKind::cannot_create; };
  for (const char* text : {"my own notes\n", "{\"balse fit\":1}\n", "\n", "["}) {
    folder.write("tags.partial", text);
    CHECK(refused());
    CHECK(read_file(path) == text);
  }
  const std::string bytes = found_in(folder, "") == 0 ? read_file(path) : "";
  std::filesystem::remove(path);
  for (const std::string& target : {folder.path("absent"), folder.write("victim", bytes)}) {
    std::filesystem::create_symlink(target, path);
    CHECK(refused());
    std::filesystem::remove(path);
  }
  CHECK(!std::filesystem::exists(folder.path("absent")));
  CHECK(read_file(folder.path("victim")) == bytes);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(refused());
  std::filesystem::remove(path);
  folder.write("tags.partial", bytes);
  if (::chown(path.c_str(), 12345, static_cast<gid_t>(-1)) != 0) {
    skipped("only root gives files away");
    return;
  }
  CHECK(refused());
  CHECK(read_file(path) == bytes);
}

TEST_CASE("a journal in which nothing is done is not left behind", "[tag_journal]") {
  const TemporaryFolder folder;
  for (const char* text : {"", "{\"balse", "{\"balse tag\":1,\"settings\":\"others\"}\n"}) {
    folder.write("tags.partial", text);
    {
      TagJournal journal(folder.path("tags"), kSettings, kTagCount);
      journal.flush();
    }
    CHECK(!std::filesystem::exists(folder.path("tags.partial")));
  }
}

TEST_CASE("a journal and a state are open to nobody whom their table is closed to",
          "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string table = folder.write("tags", "");
  for (const mode_t mode : {0600U, 0644U, 04640U, 0400U}) {
    REQUIRE(::chmod(table.c_str(), mode) == 0);
    TagJournal journal(table, kSettings, kTagCount);
    write_tagged_state(folder.path("tags.posters"), {}, table);
    for (const auto& [name, more] :
         {std::pair{"tags.partial", 0600U}, std::pair{"tags.posters", 0U}}) {
      struct stat status = {};
      REQUIRE(::stat(folder.path(name).c_str(), &status) == 0);
      CHECK((status.st_mode & 07777) == ((mode & 0777) | more));
    }
  }
}

}  // namespace tag_journal_test
