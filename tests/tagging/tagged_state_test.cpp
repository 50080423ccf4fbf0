// The state of an updated table; its journal has tag_journal_test.cpp.

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/tagging/tag_journal.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace tagged_state_test {
namespace {

const std::string kSettings = "weights \"abc\" 0.1";

Poster poster(const std::string& item, std::uint64_t size = 7, std::int64_t modified = 8) {
  return {.item = item, .path = "/posters/" + item, .size = size, .modified = modified};
}

const std::vector<Poster> kPosters = {poster("a"), poster("b \"quoted\""), poster("\xc3\xa9")};

}  // namespace

TEST_CASE("what is no state is neither read nor replaced", "[tag_journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("tags.posters");
  const auto check = [&] { check_tagged_state(path); };
  check();
  for (const char* text : {"my own list of posters\n", "{\"settings\":\"\"}\n", "[]", "\n"}) {
    folder.write("tags.posters", text);
    CHECK(!is_tagged_state(path));
    CHECK(error_of(check).kind() == ErrorKind::cannot_create);
  }
  write_tagged_state(path, {}, folder.path("tags"));
  CHECK(is_tagged_state(path));
  check();
  folder.write("tags.posters", "");
  check();
  std::filesystem::rename(path, folder.path("elsewhere"));
  write_tagged_state(folder.path("elsewhere"), {}, folder.path("tags"));
  std::filesystem::create_symlink("elsewhere", path);
  CHECK(!read_tagged_state(path));
  CHECK(error_of(check).kind() == ErrorKind::cannot_create);
  std::filesystem::remove(path);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(!read_tagged_state(path));  // and waits for no writer
  CHECK(error_of(check).kind() == ErrorKind::cannot_create);
}

TEST_CASE("the state of an updated file is read back as it was", "[tag_journal]") {
  const TemporaryFolder folder;
  TaggedState state{.settings = kSettings, .file = "fingerprint", .posters = {}};
  for (const Poster& one : kPosters) {
    state.posters[one.item] = one;
  }
  state.posters["old"] = poster("old", UINT64_MAX, -5);
  const std::string path = folder.path("state");
  write_tagged_state(path, state, folder.path("tags"));
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
  write_tagged_state(folder.path("state"), state, folder.path("tags"));
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

}  // namespace tagged_state_test
