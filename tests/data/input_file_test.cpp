#include "balse/data/input_file.hpp"

#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>
#include <zlib.h>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using balse::test::error_of;
using balse::test::TemporaryFolder;
using Catch::Contains;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  InputFile file(path);
  std::vector<std::string> lines;
  std::string_view line;
  while (file.next_line(line)) {
    lines.emplace_back(line);
    CHECK(file.line_number() == lines.size());
  }
  return lines;
}

std::string gzip(const std::string& text) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines come without their ends and the byte order mark", "[input_file]") {
  const TemporaryFolder folder;
  CHECK(lines_of(folder.write("a", "one\ntwo\n")) == Lines{"one", "two"});
  CHECK(lines_of(folder.write("a", "one\r\n\r\ntwo\r\n")) == Lines{"one", "", "two"});
  CHECK(lines_of(folder.write("a", "one\n\nlast")) == Lines{"one", "", "last"});
  CHECK(lines_of(folder.write("a", "\xef\xbb\xbfone\n\xef\xbb\xbftwo")) ==
        Lines{"one", "\xef\xbb\xbftwo"});
  CHECK(lines_of(folder.write("a", "é\n日本\n")) == Lines{"é", "日本"});
  CHECK(lines_of(folder.write("a", "\n")) == Lines{""});
  CHECK(lines_of(folder.write("a", "x")) == Lines{"x"});
  CHECK(lines_of(folder.write("a", "")).empty());
}

TEST_CASE("lines that cross the buffer's end stay whole", "[input_file]") {
  const TemporaryFolder folder;
  Lines expected;
  std::string text;
  for (std::size_t i = 0; text.size() < 5'000'000; ++i) {
    expected.push_back(std::string(i * 7919 % 100'003, static_cast<char>('a' + i % 26)) + "é");
    text += expected.back() + '\n';
  }
  CHECK((lines_of(folder.write("plain", text)) == expected));
  CHECK((lines_of(folder.write("gz", gzip(text))) == expected));
}

TEST_CASE("gzip is told by its content, and may have several members", "[input_file]") {
  const TemporaryFolder folder;
  const std::string members = gzip("one\ntw") + gzip("o\n") + gzip("three");
  CHECK(lines_of(folder.write("a.csv", members)) == Lines{"one", "two", "three"});
  CHECK(lines_of(folder.write("a.csv", gzip("one\n") + std::string(512, '\0'))) == Lines{"one"});
  CHECK(lines_of(folder.write("a.csv", gzip(""))).empty());
  CHECK(lines_of(folder.write("a.gz", "not packed\n")) == Lines{"not packed"});
}

TEST_CASE("the fingerprint is the SHA-256 of the unpacked bytes", "[input_file]") {
  const TemporaryFolder folder;
  const auto fingerprint = [](const std::string& path) {
    InputFile file(path);
    std::string_view line;
    while (file.next_line(line)) {
    }
    return file.fingerprint();
  };
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(fingerprint(folder.write("a", "abc")) == abc);
  CHECK(fingerprint(folder.write("a", gzip("abc"))) == abc);
  CHECK(fingerprint(folder.write("a", "")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("what cannot be opened says why", "[input_file]") {
  const TemporaryFolder folder;
  const Error missing = error_of([&] { InputFile file(folder.path("none")); });
  CHECK(missing.kind() == ErrorKind::no_input);
  CHECK_THAT(missing.what(), Contains("none: no such file"));
  const Error directory = error_of([&] { InputFile file(folder.path(".")); });
  CHECK(directory.kind() == ErrorKind::no_input);
  CHECK_THAT(directory.what(), Contains("is a directory"));
  if (::geteuid() != 0) {  // root may read everything
    const std::string secret = folder.write("secret", "x");
    ::chmod(secret.c_str(), 0);
    CHECK(error_of([&] { InputFile file(secret); }).kind() == ErrorKind::no_input);
  }
}

TEST_CASE("what is no text is refused with line and remedy", "[input_file]") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& content) {
    return error_of([&] { lines_of(folder.write("a", content)); });
  };
  const Error latin = read("plain\ncaf\xe9,1,2\n");
  CHECK(latin.kind() == ErrorKind::bad_data);
  CHECK_THAT(latin.what(), Contains("a:2: byte 4") && Contains("iconv -f latin1 -t utf-8"));
  const Error binary = read(std::string("a\nb\0c\n", 6));
  CHECK(binary.kind() == ErrorKind::bad_data);
  CHECK_THAT(binary.what(), Contains("a:2:") && Contains("looks like a binary file"));
  CHECK_THAT(read(std::string("\xff\xfe", 2) + std::string("1\0,\0", 4)).what(),
             Contains("iconv -f utf-16"));
  CHECK_THAT(read(std::string(3'000'000, '\0')).what(), Contains("looks like a binary file"));
}

TEST_CASE("damaged gzip is refused", "[input_file]") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += std::to_string(i * 7919) + ',';
    text += i % 10 == 0 ? "\n" : "";
  }
  const std::string whole = gzip(text);
  for (const std::size_t size :
       {std::size_t{2}, std::size_t{9}, whole.size() / 2, whole.size() - 1}) {
    const Error error = error_of([&] { lines_of(folder.write("a", whole.substr(0, size))); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("truncated gzip"));
  }
  for (const std::size_t at : {std::size_t{2}, whole.size() / 2, whole.size() - 6}) {
    std::string corrupt = whole;
    corrupt[at] = static_cast<char>(corrupt[at] ^ 0x55);
    const Error error = error_of([&] { lines_of(folder.write("a", corrupt)); });
    CHECK(error.kind() == ErrorKind::bad_data);
  }
}

TEST_CASE("a line may have 1 MiB and not a byte more", "[input_file]") {
  const TemporaryFolder folder;
  const std::string longest(InputFile::kMaxLineLength, 'x');
  CHECK((lines_of(folder.write("a", longest + "\r\n" + longest)) == Lines{longest, longest}));
  for (const char* end : {"", "\n", "\r\n", "\nmore\n"}) {
    const Error error = error_of([&] { lines_of(folder.write("a", "1\n" + longest + "x" + end)); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("a:2: a line longer than 1 MiB"));
  }
}

TEST_CASE("a line of 100 MB takes no memory", "[input_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "");
  REQUIRE(::truncate(path.c_str(), 0) == 0);
  {
    std::ofstream file(path);
    const std::string piece(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) {
      file << piece;
    }
  }
  rusage before = {};
  ::getrusage(RUSAGE_SELF, &before);
  CHECK(error_of([&] { lines_of(path); }).kind() == ErrorKind::bad_data);
  rusage after = {};
  ::getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 20 * 1024);  // KiB
}

TEST_CASE("a pipe's first line arrives before its last is written", "[input_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  int descriptor = -1;
  std::thread writer([&] {
    descriptor = ::open(path.c_str(), O_WRONLY);
    (void)!::write(descriptor, "1,2,3\n4", 7);
  });
  InputFile file(path);
  std::string_view line;
  const bool first = file.next_line(line);  // waits for ever if the buffer must be full
  const std::string first_line(line);
  writer.join();
  (void)!::write(descriptor, ",5\n", 3);
  ::close(descriptor);
  CHECK(first);
  CHECK(first_line == "1,2,3");
  REQUIRE(file.next_line(line));
  CHECK(line == "4,5");
  CHECK(!file.next_line(line));
}
