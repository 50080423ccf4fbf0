// balse tag: thresholds by category, tags that are not wanted, sidecars, shards, embeddings.

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace tag_selection_test {
namespace {

const TagSetup& setup() {
  static const TagSetup with_posters;
  static const bool made = [] {
    for (int item = 1; item <= 12; ++item) {
      with_posters.add_poster(std::to_string(item), static_cast<std::uint64_t>(item));
    }
    return true;
  }();
  static_cast<void>(made);
  return with_posters;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    result.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return result;
}

std::set<std::string> rows_of(const std::vector<std::string>& more) {
  std::vector<std::string> words = {setup().posters()};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome outcome = setup().run(words);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  const std::vector<std::string> all = lines(outcome.out);
  return {all.begin() + 1, all.end()};
}

}  // namespace

TEST_CASE("thresholds by category choose the rows", "[cli][tag]") {
  const std::set<std::string> all = rows_of({"--threshold", "0", "--category", "all"});
  const auto weight = [](const std::string& row) {
    return std::stod(row.substr(row.rfind(',') + 1));
  };
  const auto expected = [&](double general, double character) {
    std::set<std::string> rows;
    for (const std::string& row : all) {
      const bool is_character = row.find(",miku,") != std::string::npos;
      const bool is_general =
          row.find("long hair") != std::string::npos || row.find("smile") != std::string::npos;
      if ((is_general && weight(row) >= general) || (is_character && weight(row) >= character)) {
        rows.insert(row);
      }
    }
    return rows;
  };
  CHECK(rows_of({"--threshold", "general=0.4,character=0.6"}) == expected(0.4, 0.6));
  CHECK(rows_of({"--threshold", "0.5", "--category", "general,character"}) == expected(0.5, 0.5));
  CHECK(rows_of({"--threshold", "character=0.3"}) == expected(2.0, 0.3));
  CHECK(rows_of({"--threshold", "character=0.3", "--category", "general,character"}) ==
        expected(0.1, 0.3));
  // Of two general tags the maximum cut leaves one, or both where their gap is none.
  CHECK(rows_of({"--threshold", "mcut"}).size() == 12);
  std::set<std::string> without;
  for (const std::string& row : all) {
    if (row.find("smile") == std::string::npos && row.find("miku") == std::string::npos) {
      without.insert(row);
    }
  }
  const std::string unwanted = setup().folder().write("unwanted.txt", "\"no\nmiku\r\n");
  CHECK(rows_of({"--threshold", "0", "--category", "all", "--exclude-tags", "safe"}).size() == 48);
  const Outcome named =
      setup().run({setup().posters(), "--threshold", "0", "--category", "all", "--exclude-tags",
                   "@" + unwanted, "--exclude-tags", "long_hair"});
  CHECK_THAT(named.err, Contains("--exclude-tags: the tagger has no such tag"));
  CHECK(lines(named.out).size() == 1 + 3 * 12);
  // What names a category and changes nothing is a threshold like any other, in files too.
  for (const char* threshold : {"general=0.1", "1e-310", "general=0.1,character=0.1"}) {
    const Outcome file = setup().run(
        {setup().posters(), "--threshold", threshold, "--output", setup().path("named.csv")});
    INFO(threshold << " " << file.err);
    CHECK(file.exit_code == EX_OK);
  }
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"--threshold", "genre=1"},
        {"--category", "general", "--threshold", "character=0.9"},
        {"--update", setup().path("u.csv"), "--shard", "1/2"},
        {"--threshold", "2"},
        {"--threshold", ""},
        {"--category", "genre"},
        {"--category", ""},
        {"--shard", "0/2"},
        {"--shard", "3/2"},
        {"--shard", "1"},
        {"--shard", "a/b"},
        {"--exclude-tags", ""}}) {
    std::vector<std::string> words = {setup().posters()};
    words.insert(words.end(), wrong.begin(), wrong.end());
    INFO(wrong[0] << " " << wrong[1]);
    CHECK(setup().run(words).exit_code == EX_USAGE);
  }
}

TEST_CASE("a printed config with thresholds by category tags the same", "[cli][tag][config]") {
  const std::vector<std::string> words = {"--threshold", "general=0.4,character=0.6"};
  std::vector<std::string> print = words;
  print.push_back("--print-config");
  const Outcome printed = setup().run(print);
  REQUIRE(printed.exit_code == EX_OK);
  const std::string config = setup().folder().write("selection.toml", printed.out);
  CHECK(rows_of({"--config", config}) == rows_of(words));
  // As an earlier version printed it.
  const std::string old = setup().folder().write(
      "old.toml",
      "category=\"general\"\nthreshold=0.1\ninput-size=\"224\"\nmean=[0,0,0]\n"
      "deviation=[255,255,255]\ncolors=\"rgb\"\nactivation=\"none\"\n");
  CHECK(rows_of({"--config", old}) == rows_of({}));
}

TEST_CASE("shards are parts of the posters that convert puts together", "[cli][tag]") {
  const std::set<std::string> whole = rows_of({"--threshold", "0"});
  std::set<std::string> together;
  std::size_t rows = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const std::set<std::string> part = rows_of({"--threshold", "0", "--shard", shard});
    CHECK(part.size() < whole.size());
    rows += part.size();
    together.insert(part.begin(), part.end());
  }
  CHECK(rows == whole.size());
  CHECK(together == whole);
  // A part without posters is a table without rows, and nothing is wrong with it.
  std::size_t empty = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Outcome part = setup().run(
        {setup().posters() + "/1.png", "--shard", shard, "--output", setup().path("part.csv")});
    CHECK(part.exit_code == EX_OK);
    empty += read_file(setup().path("part.csv")) == "item,tag,weight\n" ? 1 : 0;
  }
  CHECK(empty == 2);
}

TEST_CASE("sidecars stand beside the posters and are kept, replaced or added to", "[cli][tag]") {
  const TagSetup own;
  own.folder().write("tag_list.json", R"j(["long_hair", "o_o", "smile (big)",)j"
                                      R"j( {"name": "miku", "category": "character"}, "sky"])j");
  own.add_poster("1", 1);
  own.add_poster("2", 2);
  const std::string one = own.path("posters/1.txt");
  const std::vector<std::string> command = {
      own.posters(), "--threshold", "0", "--format", "sidecar", "--category", "general,character"};
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = command;
    words.insert(words.end(), more.begin(), more.end());
    return own.run(words);
  };
  const std::string kept = own.folder().write("posters/2.txt", "by hand, sky\n");
  const Outcome first = run({});
  INFO(first.err);
  CHECK(first.exit_code == EX_OK);
  CHECK(first.out.empty());
  CHECK_THAT(first.err, Contains("1 of 2 posters have a .txt file already"));
  CHECK(read_file(kept) == "by hand, sky\n");
  const std::string text = read_file(one);
  // By category, the surest first; underscores but in faces, parentheses behind a backslash.
  CHECK_THAT(text, Contains("long hair") && Contains("o_o") && Contains("smile \\(big\\)") &&
                       Catch::Matchers::EndsWith("miku\n"));
  CHECK(run({"--sidecars", "append"}).exit_code == EX_OK);
  CHECK(read_file(one) == text);
  CHECK_THAT(read_file(kept), StartsWith("by hand, sky, "));
  const std::string appended = read_file(kept);
  CHECK(std::count(appended.begin(), appended.end(), ',') == 5);  // sky is there once
  CHECK(run({"--sidecars", "replace"}).exit_code == EX_OK);
  CHECK_THAT(read_file(kept), !Contains("by hand"));
  CHECK(run({"--output", own.path("tags.csv")}).exit_code == EX_USAGE);
  CHECK(run({"--embedding", own.path("e.npz")}).exit_code == EX_USAGE);
  CHECK(own.run({own.posters(), "--sidecars", "replace"}).exit_code == EX_USAGE);
  CHECK(own.run({"-", "--format", "sidecar"}, TagSetup::picture(1)).exit_code == EX_USAGE);
}

TEST_CASE("a caption by hand keeps its form when tags are added", "[cli][tag]") {
  const TagSetup own;
  own.add_poster("1", 1);
  const std::string caption =
      own.folder().write("posters/1.txt", "A girl, she smiles.\nSecond sentence.\nlong_hair\n");
  CHECK(own.run({own.posters(), "--threshold", "0", "--format", "sidecar", "--sidecars", "append"})
            .exit_code == EX_OK);
  CHECK(read_file(caption) == "A girl, she smiles.\nSecond sentence.\nlong_hair, smile, big\n");
}

TEST_CASE("sidecars replace nothing that the run reads or writes, and no picture", "[cli][tag]") {
  const TagSetup own;
  const std::string picture = own.folder().write("posters/7.txt", TagSetup::picture(7));
  const auto refused = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--format", "sidecar", "--sidecars", "replace"});
    const Outcome outcome = own.run(more);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("which this run reads or writes itself"));
  };
  refused({picture});
  CHECK(read_file(picture) == TagSetup::picture(7));
  const std::string poster = own.add_poster("tags", 1);
  const std::string list = own.folder().write("posters/tags.txt", "long hair\nsmile\nmiku\na\nb\n");
  refused({poster, "--tags", list});
  refused({poster, "--failures", list});
  // The same name in two folders: a file for each.
  std::filesystem::create_directories(own.path("two/a"));
  std::filesystem::create_directories(own.path("two/b"));
  own.folder().write("two/a/0.png", TagSetup::picture(1));
  own.folder().write("two/b/0.png", TagSetup::picture(2));
  CHECK(own.run({own.path("two"), "--format", "sidecar", "--threshold", "0"}).exit_code == EX_OK);
  CHECK(!read_file(own.path("two/a/0.txt")).empty());
  CHECK(!read_file(own.path("two/b/0.txt")).empty());
  // One that cannot be written stops nothing, and is said at the end.
  std::filesystem::remove(own.path("two/a/0.txt"));
  std::filesystem::remove(own.path("two/b/0.txt"));
  std::filesystem::create_directory(own.path("two/a/0.txt"));
  const Outcome one = own.run({own.path("two"), "--format", "sidecar", "--sidecars", "replace"});
  CHECK(one.exit_code != EX_OK);
  CHECK_THAT(one.err, Contains("two/a/0.txt"));
  CHECK(!read_file(own.path("two/b/0.txt")).empty());
}

TEST_CASE("what balse tag writes in any form is read back as the same tags", "[cli][tag]") {
  const auto converted = [&](const std::string& name, std::vector<std::string> more) {
    const std::string path = setup().path(name);
    more.insert(more.begin(),
                {setup().posters(), "--threshold", "0.5", "--category", "all", "--output", path});
    REQUIRE(setup().run(more).exit_code == EX_OK);
    const Outcome outcome = run_balse({"convert", path, "-"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_OK);
    const std::vector<std::string> rows = lines(outcome.out);
    return std::set<std::string>(rows.begin(), rows.end());
  };
  const std::set<std::string> csv = converted("back.csv", {});
  CHECK(csv.size() > 10);
  CHECK(converted("back.jsonl", {"--format", "jsonl"}) == csv);
  // Of a poster without tags there is the item alone.
  const std::string few = setup().folder().write(
      "few.jsonl", "{\"item\":\"1\"}\n{\"item\":\"2\",\"general\":{\"a\":0.5}}\n");
  CHECK(run_balse({"convert", few, "-"}).out == "item,tag,weight\n2,a,0.5\n");
}

TEST_CASE("the embedding of each poster goes beside its tags", "[cli][tag]") {
  const std::string path = setup().path("style.npz");
  const std::string tags = setup().path("with_style.csv");
  const Outcome outcome =
      setup().run({setup().posters(), "--threshold", "0", "--output", tags, "--embedding", path});
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(read_file(tags) == setup().run({setup().posters(), "--threshold", "0"}).out);
  const std::string script =
      "import sys, numpy as np; z = np.load(sys.argv[1]); e = z['embedding']; "
      "assert e.shape == (12, 4) and e.dtype == np.float32, e.shape; "
      "assert sorted(z['items'], key=int) == [str(k) for k in range(1, 13)]; "
      "assert np.isfinite(e).all() and (e >= 0).all() and e.std(0).max() > 0";
  if (run_command("/usr/bin/python3", {"-c", "import numpy"}).exit_code == 0) {
    const Outcome python = run_command("/usr/bin/python3", {"-c", script, path});
    INFO(python.err);
    CHECK(python.exit_code == 0);
  } else {
    WARN("SKIPPED: the embedding as NumPy reads it: there is no python3-numpy");
  }
  CHECK(setup().run({setup().posters(), "--embedding", path, "--update", tags}).exit_code ==
        EX_USAGE);
}

}  // namespace tag_selection_test
