#include "balse/tagging/tag_journal.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

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

/// A journal with all of kPosters; its bytes.
std::string written(const std::string& path) {
  TagJournal journal(path, kSettings, kTagCount);
  for (std::size_t k = 0; k < kPosters.size(); ++k) {
    journal.add(kPosters[k], kWeights[k]);
    journal.flush();
  }
  return read_file(path);
}

/// How many of kPosters a journal of these bytes has, the first ones; and it goes on from there.
std::size_t found_in(const TemporaryFolder& folder, const std::string& bytes,
                     const std::string& settings = kSettings) {
  const std::string path = folder.write("journal", bytes);
  std::size_t found = 0;
  {
    TagJournal journal(path, settings, kTagCount);
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
  TagJournal complete(path, settings, kTagCount);
  for (const Poster& one : kPosters) {
    CHECK(complete.find(one) != nullptr);
  }
  return found;
}

}  // namespace

TEST_CASE("a journal cut anywhere is resumed after its last whole line", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder.path("journal"));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    INFO(size);
    const std::string cut = bytes.substr(0, size);
    const auto lines = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n'));
    CHECK(found_in(folder, cut) == (lines == 0 ? 0 : lines - 1));
    CHECK(read_file(folder.path("journal")) == bytes);
  }
}

TEST_CASE("a journal of other settings is begun anew", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder.path("journal"));
  CHECK(found_in(folder, bytes, "weights \"abd\" 0.1") == 0);
  CHECK(found_in(folder, bytes, "") == 0);
  CHECK(found_in(folder, bytes, kSettings) == 3);
  CHECK(found_in(folder, "no journal at all\n" + bytes) == 0);
}

TEST_CASE("a poster that has changed since is not done", "[tag_journal]") {
  const TemporaryFolder folder;
  written(folder.path("journal"));
  const TagJournal journal(folder.path("journal"), kSettings, kTagCount);
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
  const std::string bytes = written(folder.path("journal"));
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
  TagJournal journal(folder.path("journal"), kSettings, kTagCount);
  journal.add(kPosters[0], kWeights[0]);
  journal.flush();
  journal.remove();
  CHECK(!std::filesystem::exists(folder.path("journal")));
  const Error error =
      error_of([&] { const TagJournal none(folder.path("no/such/folder"), kSettings, kTagCount); });
  CHECK(error.kind() == ErrorKind::cannot_create);
}

TEST_CASE("the state of an updated file is read back as it was", "[tag_journal]") {
  const TemporaryFolder folder;
  TaggedState state{.settings = kSettings, .file = "fingerprint", .posters = {}};
  for (const Poster& one : kPosters) {
    state.posters[one.item] = one;
  }
  state.posters["old"] = poster("old", UINT64_MAX, -5);
  const std::string path = folder.path("state");
  write_tagged_state(path, state);
  const auto again = read_tagged_state(path);
  REQUIRE(again);
  CHECK(again->settings == kSettings);
  CHECK(again->file == "fingerprint");
  REQUIRE(again->posters.size() == 4);
  for (const auto& [item, one] : state.posters) {
    REQUIRE(again->posters.count(item) == 1);
    const Poster& read = again->posters.at(item);
    CHECK(read.item == one.item);
    CHECK(read.path == one.path);
    CHECK(read.size == one.size);
    CHECK(read.modified == one.modified);
  }
}

TEST_CASE("a state that is damaged is none", "[tag_journal]") {
  const TemporaryFolder folder;
  CHECK(!read_tagged_state(folder.path("absent")));
  CHECK(!read_tagged_state(folder.write("state", "")));
  TaggedState state{.settings = kSettings, .file = "fingerprint", .posters = {}};
  state.posters["a"] = kPosters[0];
  write_tagged_state(folder.path("state"), state);
  const std::string bytes = read_file(folder.path("state"));
  const std::size_t first = bytes.find('\n') + 1;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    // Cut between two lines it looks whole; AtomicFile sees to it that it is not cut.
    CHECK(!read_tagged_state(folder.write("state", bytes.substr(0, size))) == (size != first));
  }
  CHECK(!read_tagged_state(folder.write("state", bytes + "{}\n")));
  CHECK(!read_tagged_state(folder.write("state", "{\"settings\":7,\"file\":\"\"}\n")));
  CHECK(!read_tagged_state(folder.write("state", "{\"settings\":\"\"}\n")));
  CHECK(!read_tagged_state(folder.write("state", "[1]\n")));
  CHECK(!read_tagged_state(folder.write("state", std::string(100'000, '[') + "\n")));
}
