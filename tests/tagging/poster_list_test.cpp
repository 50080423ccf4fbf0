#include "balse/tagging/poster_list.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

using Words = std::vector<std::string>;

Words items_of(const PosterList& list) {
  Words items;
  for (const Poster& poster : list.posters) {
    items.push_back(poster.item);
  }
  return items;
}

PosterList listed(const std::string& path) {
  PosterCollector collector;
  collector.add_list(path);
  return collector.take();
}

PosterList from_standard_input(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  PosterCollector collector;
  collector.add_standard_input({bytes.begin(), bytes.end()});
  return collector.take();
}

}  // namespace

TEST_CASE("a folder is read with the folders in it, sorted, without what is hidden",
          "[poster_list]") {
  const TemporaryFolder folder;
  for (const char* name : {"b", "b/deep", "a.d", ".hidden"}) {
    std::filesystem::create_directory(folder.path(name));
  }
  for (const char* name : {"b/2.jpg", "b/10.jpg", "b/deep/x.y.png", "z.webp", ".dot.png",
                           ".hidden/3.png", "b/.4.jpg"}) {
    folder.write(name, "1234567");
  }
  folder.write("a.d/no extension", "\xff\xd8\xff");
  PosterCollector collector;
  collector.add(folder.path());
  const PosterList list = collector.take();
  CHECK(items_of(list) == Words{"no extension", "10", "2", "x.y", "z"});
  CHECK(list.failures.empty());
  const Poster& poster = list.posters[2];
  CHECK(poster.path == folder.path("b/2.jpg"));
  CHECK(poster.size == 7);
  struct stat status = {};
  REQUIRE(::stat(poster.path.c_str(), &status) == 0);
  CHECK(poster.modified == status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
  CHECK(poster.content == nullptr);
}

TEST_CASE("links to folders are followed, but into no folder twice", "[poster_list]") {
  const TemporaryFolder folder;
  const TemporaryFolder elsewhere;
  elsewhere.write("far.jpg", "");
  folder.write("near.jpg", "");
  std::filesystem::create_directory(folder.path("deep"));
  REQUIRE(::symlink(elsewhere.path().c_str(), folder.path("a").c_str()) == 0);
  REQUIRE(::symlink(elsewhere.path().c_str(), folder.path("b").c_str()) == 0);
  REQUIRE(::symlink("..", folder.path("deep/up").c_str()) == 0);
  PosterCollector collector;
  collector.add(folder.path());
  collector.add(folder.path("./near.jpg"));  // another name of the same is no conflict
  const PosterList list = collector.take();
  CHECK(items_of(list) == Words{"far", "near"});
  CHECK(list.failures.empty());
}

TEST_CASE("what the run itself writes is no poster, unless it is named", "[poster_list]") {
  const TemporaryFolder folder;
  const std::string own = folder.write("tags.csv", "");
  folder.write("1.jpg", "");
  PosterCollector collector;
  collector.leave_out(own);
  collector.leave_out(folder.path("absent.csv"));
  collector.add(folder.path());
  CHECK(items_of(collector.take()) == Words{"1"});
  collector.add(own);
  CHECK(items_of(collector.take()) == Words{"tags"});
}

TEST_CASE("inputs keep their order, and an item's further files are alternatives",
          "[poster_list]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("more"));
  PosterCollector collector;
  collector.add(folder.write("9.jpg", "four"));
  const std::string second = folder.write("more/9.png", "seven77");
  std::filesystem::last_write_time(folder.path("9.jpg"), {});
  folder.write("more/1.png", "");
  collector.add(folder.path("more"));
  collector.add(folder.path("9.jpg"));  // the very same again is none
  collector.add(second);
  const PosterList list = collector.take();
  CHECK(items_of(list) == Words{"9", "1"});
  CHECK(list.failures.empty());
  CHECK(list.posters[0].path == folder.path("9.jpg"));
  CHECK(list.posters[0].alternatives == Words{second});
  // A change of either file is one of the poster.
  CHECK(list.posters[0].size == 11);
  struct stat status = {};
  REQUIRE(::stat(second.c_str(), &status) == 0);
  CHECK(list.posters[0].modified == status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
  CHECK(list.posters[1].alternatives.empty());
  CHECK(collector.take().posters.empty());
}

TEST_CASE("of a folder, what is no picture by name and content is passed over", "[poster_list]") {
  const TemporaryFolder folder;
  const std::string page = "<!DOCTYPE html><html></html>";
  for (const char* name : {"1.txt", "1.json", "2.nfo", "Thumbs.db", "desktop.ini", "1", "x.html"}) {
    folder.write(name, page);
  }
  folder.write("empty", "");
  folder.write("video.mp4", std::string("\0\0\0\x20"
                                        "ftypisom",
                                        12));
  folder.write("BM25.txt", "BM25 is a ranking function, it says here");
  folder.write("P1.txt", "P1 is the first");
  folder.write("riff.wav", "RIFF....WAVEfmt ");
  PosterCollector collector;
  collector.add(folder.path());
  CHECK(collector.take().no_pictures == 12);
  // A page that came instead of a picture is to be heard of, as is what was named.
  folder.write("7.JPG", page);
  folder.write("8.png", "");
  collector.add(folder.path());
  collector.add(folder.path("1.txt"));
  const PosterList list = collector.take();
  CHECK(items_of(list) == Words{"7", "8", "1"});
  CHECK(list.no_pictures == 12);
}

TEST_CASE("pictures are told by their first bytes, whatever their names", "[poster_list]") {
  using std::string;
  const TemporaryFolder folder;
  const std::vector<string> beginnings = {
      "\xff\xd8\xff\xe0",
      "\x89PNG\r\n\x1a\n",
      "GIF89a",
      "RIFF....WEBPVP8 ",
      string("II*\0", 4),
      string("MM\0*", 4),
      string("BM....\0\0\0\0....\x28\0\0\0", 18),
      string("\0\0\0\x20"
             "ftypavif",
             12),
      string("\0\0\0\x20"
             "ftypheic",
             12),
      "P6\n1 1\n255\nabc",
      "P3 # made by hand",
      "\xff\x0a",
      string("8BPS\0\1", 6),
  };
  for (std::size_t k = 0; k < beginnings.size(); ++k) {
    folder.write(std::to_string(k) + ".dat", beginnings[k]);
  }
  PosterCollector collector;
  collector.add(folder.path());
  const PosterList list = collector.take();
  CHECK(list.posters.size() == beginnings.size());
  CHECK(list.no_pictures == 0);
}

TEST_CASE("what does not exist is no input, a pipe or a bad name only fails", "[poster_list]") {
  const TemporaryFolder folder;
  PosterCollector collector;
  CHECK(error_of([&] { collector.add(folder.path("absent")); }).kind() == ErrorKind::no_input);
  CHECK(error_of([&] { listed(folder.path("absent")); }).kind() == ErrorKind::no_input);
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  folder.write("\xff.jpg", "");
  folder.write("new\nline.jpg", "");
  folder.write("good.jpg", "");
  REQUIRE(::symlink("nowhere", folder.path("dangling.jpg").c_str()) == 0);
  REQUIRE(::symlink("good.jpg", folder.path("link.jpg").c_str()) == 0);
  REQUIRE(::symlink(".", folder.path("loop").c_str()) == 0);
  collector.add(folder.path());
  const PosterList list = collector.take();
  CHECK(items_of(list) == Words{"good", "link"});
  REQUIRE(list.failures.size() == 4);
  CHECK_THAT(list.failures[0].reason, Contains("cannot be read"));
  CHECK_THAT(list.failures[1].reason, Contains("control characters"));
  CHECK_THAT(list.failures[2].reason, Contains("no regular file"));
  CHECK_THAT(list.failures[3].reason, Contains("no UTF-8"));
  PosterCollector alone;
  alone.add("/dev/null");
  CHECK(alone.take().failures.size() == 1);
}

TEST_CASE("a list names items and their posters", "[poster_list]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.jpg", "");
  const std::string b = folder.write("b, too.jpg", "");
  const auto check = [&](const std::string& text) {
    INFO(text);
    const PosterList list = listed(folder.write("list", text));
    CHECK(items_of(list) == Words{"42", "x y"});
    REQUIRE(list.posters.size() == 2);
    CHECK(list.posters[0].path == a);
    CHECK(list.posters[1].path == b);
    return list.failures;
  };
  CHECK(check("item,path\n42," + a + "\nx y,\"" + b + "\"\n").empty());
  CHECK(check("Item\tFile\r\n42\t" + a + "\r\n\r\nx y\t" + b + "\r\n").empty());
  CHECK(check("42," + a + "\nx y,\"" + b + "\",more\n").empty());  // no header
  const auto failures = check("42," + a + "\nlost,/nowhere.jpg\nx y,\"" + b + "\"\n");
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].item == "lost");
  CHECK(failures[0].path == "/nowhere.jpg");
}

TEST_CASE("a row of a list that is none is named", "[poster_list]") {
  const TemporaryFolder folder;
  for (const char* row : {"alone", ",x.jpg", "42,", "\"42,x.jpg"}) {
    const Error error =
        error_of([&] { listed(folder.write("list", "item,path\n" + std::string(row) + "\n")); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.parts().line == 2);
  }
}

TEST_CASE("standard input is an image or paths", "[poster_list]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.jpg", "");
  const std::string b = folder.write("b b.jpg", "");
  const PosterList image = from_standard_input(std::string("\x89PNG\r\n\0\n", 8));
  REQUIRE(image.posters.size() == 1);
  CHECK(image.posters[0].item == "stdin");
  CHECK(image.posters[0].path == "-");
  REQUIRE(image.posters[0].content);
  CHECK(image.posters[0].content->size() == 8);
  CHECK(from_standard_input("P3\n1 1\n255\n1 2 3\n").posters[0].path == "-");
  for (const std::string& text :
       {a + "\n" + b + "\n", a + "\r\n\r\n" + b + "\r\n", "\n" + a + "\n  \n" + b}) {
    const PosterList paths = from_standard_input(text);
    CHECK(items_of(paths) == Words{"a", "b b"});
    CHECK(paths.failures.empty());
  }
  const PosterList missing = from_standard_input(a + "\n" + folder.path("absent") + "\n");
  CHECK(missing.posters.size() == 1);
  CHECK(missing.failures.size() == 1);
  CHECK(from_standard_input("").posters.empty());
}
