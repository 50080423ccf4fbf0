#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "balse/data/tags_reader.hpp"

#include "support/errors.hpp"
#include "support/npz_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Contains;

namespace tags_npz_test {
namespace {

// [[0.5, 0, 1], [0, 0, 0], [0, 0.25, 0], [1, 0, 0]] in the three formats.
const std::string kShape = npy<std::int64_t>("<i8", {4, 3});
const std::string kCsr = npy_bytes("|S3", "()", "csr");
const std::string kCsc = npy_bytes("|S3", "()", "csc");
const std::string kCoo = npy_bytes("|S3", "()", "coo");

NpzEntries csr() {
  return {{"format.npy", kCsr},
          {"shape.npy", kShape},
          {"data.npy", npy<double>("<f8", {0.5, 1, 0.25, 1})},
          {"indices.npy", npy<std::int32_t>("<i4", {0, 2, 1, 0})},
          {"indptr.npy", npy<std::int32_t>("<i4", {0, 2, 2, 3, 4})}};
}

NpzEntries csc() {
  return {{"format.npy", kCsc},
          {"shape.npy", kShape},
          {"data.npy", npy<float>("<f4", {0.5, 1, 0.25, 1})},
          {"indices.npy", npy<std::int64_t>("<i8", {0, 3, 2, 0})},
          {"indptr.npy", npy<std::int64_t>("<i8", {0, 2, 3, 4})}};
}

NpzEntries coo() {
  return {{"format.npy", kCoo},
          {"shape.npy", kShape},
          {"data.npy", npy<double>("<f8", {1, 0.25, 0.5, 1})},
          {"row.npy", npy<std::int32_t>("<i4", {3, 2, 0, 0})},
          {"col.npy", npy<std::int32_t>("<i4", {0, 1, 0, 2})}};
}

std::vector<std::string> read(const std::string& path, const ReadTagsOptions& options = {}) {
  ReadTagsSummary summary;
  const Tags tags = read_tags(path, options, summary);
  REQUIRE(tags.matrix.items() == tags.items.size());
  REQUIRE(tags.matrix.tag_count == tags.names.size());
  std::vector<std::string> rows;
  for (std::uint32_t item = 0; item < tags.items.size(); ++item) {
    std::string row = std::string(tags.items[item]) + ':';
    for (std::size_t k = 0; k < tags.matrix.count(item); ++k) {
      char weight[32];
      std::snprintf(weight, sizeof weight, "=%g ", tags.matrix.weights_of(item)[k]);
      row += std::string(tags.names[tags.matrix.tags_of(item)[k]]) + weight;
    }
    rows.push_back(row);
  }
  return rows;
}

const std::vector<std::string> kExpected = {"0:0=0.5 2=1 ", "1:", "2:1=0.25 ", "3:0=1 "};

// The message for csr() with entries replaced, or removed where they are "".
std::string message(NpzEntries entries, const NpzEntries& changes) {
  for (const auto& [name, bytes] : changes) {
    if (bytes.empty()) {
      entries.erase(name);
    } else {
      entries[name] = bytes;
    }
  }
  const TemporaryFolder folder;
  write_npz(folder.path("t.npz"), entries, true);
  const Error error = error_of([&] { read(folder.path("t.npz")); });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

}  // namespace

TEST_CASE("SciPy's three formats give the same matrix", "[tags_npz]") {
  const TemporaryFolder folder;
  for (const bool compressed : {false, true}) {
    for (const NpzEntries& entries : {csr(), csc(), coo()}) {
      write_npz(folder.path("t.npz"), entries, compressed);
      CHECK(read(folder.path("t.npz")) == kExpected);
    }
  }
}

TEST_CASE("weights may be of any simple type", "[tags_npz]") {
  const TemporaryFolder folder;
  const std::vector<std::string> ones = {"0:0=1 2=1 ", "1:", "2:1=1 ", "3:0=1 "};
  for (const std::string& data :
       {npy_bytes("|b1", "(4,)", "\1\1\1\1"), npy_bytes("|u1", "(4,)", "\1\1\1\1"),
        npy<std::int64_t>("<i8", {1, 1, 1, 1}), npy<std::uint16_t>("<u2", {1, 1, 1, 1})}) {
    NpzEntries entries = csr();
    entries["data.npy"] = data;
    entries["format.npy"] = npy_bytes("<U3", "()", std::string("c\0\0\0s\0\0\0r\0\0\0", 12));
    write_npz(folder.path("t.npz"), entries, true);
    CHECK(read(folder.path("t.npz")) == ones);
  }
}

TEST_CASE("tag names come from a list beside the matrix", "[tags_npz]") {
  const TemporaryFolder folder;
  write_npz(folder.path("t.npz"), csr(), true);
  ReadTagsOptions options;
  const std::vector<std::string> named = {"0:[a=0.5 :d=1 ", "1:", "2:b c=0.25 ", "3:[a=1 "};
  options.names_file = folder.write("names.txt", "[a\nb c\n:d\n\n");
  CHECK(read(folder.path("t.npz"), options) == named);
  options.names_file = folder.write("names.json", "[\"[a\",\n \"b c\", \":d\"]");
  CHECK(read(folder.path("t.npz"), options) == named);
  for (const char* bad : {"a\nb\n", "a\nb\na\n", "a\n\nc\n", "", "[\"a\", \"b\", 3]",
                          "[\"a\", \"b\"", "[\"a\", \"b\"]"}) {
    INFO(bad);
    options.names_file = folder.write("names", bad);
    CHECK(error_of([&] { read(folder.path("t.npz"), options); }).kind() == ErrorKind::bad_data);
  }
  options.names_file = folder.path("none");
  CHECK(error_of([&] { read(folder.path("t.npz"), options); }).kind() == ErrorKind::no_input);
}

TEST_CASE("npz weights outside [0, 1] are refused", "[tags_npz]") {
  for (const double weight :
       {1.5, -0.1, 1e300, -1e300, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const std::string data = npy<double>("<f8", {0.5, weight, 0.25, 1});
    CHECK_THAT(message(csr(), {{"data.npy", data}}), Contains("row 0, column 2"));
  }
}

TEST_CASE("entries given twice are refused, SciPy means their sum", "[tags_npz]") {
  CHECK_THAT(message(coo(), {{"col.npy", npy<std::int32_t>("<i4", {0, 1, 2, 2})}}),
             Contains("sum_duplicates"));
}

TEST_CASE("what does not fit together is refused", "[tags_npz]") {
  const auto i4 = [](const std::vector<std::int32_t>& values) { return npy("<i4", values); };
  for (const NpzEntries& changes : std::vector<NpzEntries>{
           {{"indices.npy", i4({0, 3, 1, 0})}},
           {{"indices.npy", i4({0, -1, 1, 0})}},
           {{"indices.npy", i4({0, 2, 1})}},
           {{"indptr.npy", i4({0, 3, 2, 3, 4})}},
           {{"indptr.npy", i4({0, 2, 2, 3, 5})}},
           {{"indptr.npy", i4({1, 2, 2, 3, 4})}},
           {{"indptr.npy", i4({0, -2, 2, 3, 4})}},
           {{"indptr.npy", i4({0, 2000000000, 2, 3, 4})}},
           {{"indptr.npy", i4({0, 2, 4})}},
           {{"indptr.npy", i4({})}},
           {{"indptr.npy", ""}},
           {{"data.npy", ""}},
           {{"format.npy", ""}},
           {{"format.npy", npy_bytes("|S3", "()", "bsr")}},
           {{"format.npy", i4({1})}},
           {{"shape.npy", i4({4})}},
           {{"shape.npy", i4({4, 3, 1})}},
           {{"shape.npy", i4({-4, 3})}},
           {{"shape.npy", i4({0, 0})}},
           {{"shape.npy", npy<std::uint64_t>("<u8", {UINT64_MAX, 3})}},
           {{"shape.npy", npy<std::int64_t>("<i8", {std::int64_t{1} << 62, 3})}}}) {
    INFO(changes.begin()->first);
    message(csr(), changes);
  }
  message(coo(), {{"row.npy", i4({3, 2, 0, 4})}});
  message(coo(), {{"shape.npy", npy<std::int64_t>("<i8", {2'000'000'000, 3})}});
  message(csc(), {{"indices.npy", npy<std::int64_t>("<i8", {0, std::int64_t{1} << 32, 2, 0})}});
}

TEST_CASE("hostile arrays are refused", "[tags_npz]") {
  const std::string four(32, '\0');
  std::string long_header = npy<double>("<f8", {0.5, 1, 0.25, 1});
  long_header[8] = long_header[9] = '\xff';
  for (const std::string& data : {npy_bytes("<f8", "(4611686018427387904,)", four),
                                  npy_bytes("<f8", "(18446744073709551615,)", four),
                                  npy_bytes("<f8", "(99999999999999999999999,)", four),
                                  npy_bytes("<f8", "(5,)", four),
                                  npy_bytes("<f8", "(3,)", four),
                                  npy_bytes("<f8", "(2, 2)", four),
                                  npy_bytes("<f8", "()", four),
                                  npy_bytes("<f8", "(-4,)", four),
                                  npy_bytes("<f8", "(4", four),
                                  npy_bytes("<f8", "(4,)", four, "True"),
                                  npy_bytes(">f8", "(4,)", four),
                                  npy_bytes("|O8", "(4,)", four),
                                  npy_bytes("<f0", "(4,)", four),
                                  npy_bytes("<f99999999999999999999", "(4,)", four),
                                  npy_bytes("<f2", "(16,)", four),
                                  npy_bytes("", "(4,)", four),
                                  npy_bytes("<c16", "(2,)", four),
                                  npy_bytes("<", "(4,)", four),
                                  long_header,
                                  std::string("\x93NUMPY"),
                                  std::string("x"),
                                  std::string("\x93NUMPY\x09\x00\x00\x00\x00\x00", 12),
                                  std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)}) {
    INFO(data.substr(0, 80));
    message(csr(), {{"data.npy", data}});
  }
}

TEST_CASE("damaged archives are refused", "[tags_npz]") {
  const TemporaryFolder folder;
  write_npz(folder.path("t.npz"), csr(), false);
  std::string whole(
      std::istreambuf_iterator<char>(std::ifstream(folder.path("t.npz"), std::ios::binary).rdbuf()),
      {});
  ReadTagsOptions options;
  options.format = TagsFormat::npz;
  for (std::size_t size = 0; size < whole.size(); size += 13) {
    const std::string path = folder.write("cut.npz", whole.substr(0, size));
    CHECK(error_of([&] { read(path, options); }).kind() == ErrorKind::bad_data);
  }
  // Any byte may be anything: an error or the matrix, never a crash.
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string corrupt = whole;
    corrupt[at] = static_cast<char>(corrupt[at] ^ (at % 2 == 0 ? 0xff : 0x01));
    const std::string path = folder.write("bad.npz", corrupt);
    std::vector<std::string> rows = kExpected;
    ErrorKind kind = ErrorKind::bad_data;
    try {
      rows = read(path, options);
    } catch (const Error& error) {
      kind = error.kind();
    }
    REQUIRE(rows == kExpected);
    REQUIRE(kind == ErrorKind::bad_data);
  }
}

TEST_CASE("npz needs a path", "[tags_npz]") {
  ReadTagsOptions options;
  options.format = TagsFormat::npz;
  CHECK(error_of([&] { read("-", options); }).kind() == ErrorKind::usage);
  CHECK(error_of([&] { read("/nonexistent.npz", options); }).kind() == ErrorKind::no_input);
}

}  // namespace tags_npz_test
