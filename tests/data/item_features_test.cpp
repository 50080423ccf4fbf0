#include "balse/data/item_features.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/npz_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Contains;

namespace item_features_test {
namespace {

template <typename T>
std::string matrix(const std::string& type, const std::vector<T>& values, std::size_t columns) {
  return npy_bytes(
      type, "(" + std::to_string(values.size() / columns) + ", " + std::to_string(columns) + ")",
      std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
}

/// "a", "bc" and "d" as NumPy's <U2.
std::string three_ids() {
  const std::vector<std::uint32_t> texts = {'a', 0, 'b', 'c', 'd', 0};
  return npy_bytes("<U2", "(3,)",
                   std::string(reinterpret_cast<const char*>(texts.data()), 4 * texts.size()));
}

const std::vector<float> kValues = {0.5F, -1.25F, 3.0F, 0.0F, -7.0F, 65504.0F};

NpzEntries floats() {
  return {{"items.npy", three_ids()}, {"embedding.npy", matrix<float>("<f4", kValues, 2)}};
}

ItemFeatures read(const NpzEntries& entries, bool compressed = true) {
  const TemporaryFolder folder;
  write_npz(folder.path("features.npz"), entries, compressed);
  std::string fingerprint;
  ItemFeatures features = read_item_features(folder.path("features.npz"), fingerprint);
  CHECK(fingerprint.size() == 64);
  return features;
}

std::string refusal(const NpzEntries& entries) {
  return error_of([&] { read(entries); }).what();
}

}  // namespace

TEST_CASE("features of items are read in all widths of floating point", "[npz][features]") {
  NpzEntries halves = floats();
  halves["embedding.npy"] =
      matrix<std::uint16_t>("<f2", {0x3800, 0xbd00, 0x4200, 0x0000, 0xc700, 0x7bff}, 2);
  NpzEntries doubles = floats();
  doubles["embedding.npy"] =
      matrix<double>("<f8", std::vector<double>(kValues.begin(), kValues.end()), 2);
  for (const NpzEntries& entries : {floats(), halves, doubles}) {
    for (const bool compressed : {true, false}) {
      const ItemFeatures features = read(entries, compressed);
      CHECK(features.columns == 2);
      CHECK(features.values == kValues);
      REQUIRE(features.items.size() == 3);
      CHECK(features.items[1] == "bc");
    }
  }
  // The smallest half of all, and ids that are numbers.
  NpzEntries numbers = {{"items.npy", npy<std::int64_t>("<i8", {20, 7})},
                        {"embedding.npy", matrix<std::uint16_t>("<f2", {0x0001, 0x8001}, 1)}};
  const ItemFeatures features = read(numbers);
  CHECK(features.items[0] == "20");
  CHECK(features.values == std::vector<float>{std::ldexp(1.0F, -24), -std::ldexp(1.0F, -24)});
}

TEST_CASE("features of items that are none are refused", "[npz][features]") {
  NpzEntries broken = floats();
  broken.erase("embedding.npy");
  CHECK_THAT(refusal(broken), Contains("holds no embedding.npy") &&
                                  Contains("the arrays items and embedding") &&
                                  Contains("numpy.savez(file, items=ids, embedding=matrix)"));
  broken = floats();
  broken.erase("items.npy");
  CHECK_THAT(refusal(broken), Contains("holds no items.npy"));
  broken = floats();
  broken["items.npy"] = npy<std::int64_t>("<i8", {1, 2});
  CHECK_THAT(refusal(broken), Contains("names 2 items") && Contains("3, as many as"));
  broken["items.npy"] = npy<std::int64_t>("<i8", {1, 2, 1});
  CHECK_THAT(refusal(broken), Contains("item 3, \"1\", is named twice"));
  broken = floats();
  broken["embedding.npy"] = npy<float>("<f4", {1, 2, 3});
  CHECK_THAT(refusal(broken), Contains("has 1 dimension") && Contains("2"));
  broken["embedding.npy"] = matrix<std::uint16_t>("<f2", {0, 0, 0, 0x7c00, 0, 0}, 2);
  CHECK_THAT(refusal(broken), Contains("holds inf in row 1, column 1"));
  broken["embedding.npy"] =
      matrix<float>("<f4", {0, 0, 0, 0, 0, std::numeric_limits<float>::quiet_NaN()}, 2);
  CHECK_THAT(refusal(broken), Contains("nan in row 2, column 1"));
  broken["embedding.npy"] = npy_bytes("<f4", "(3, 2)", std::string(24, '\0'), "True");
  CHECK_THAT(refusal(broken), Contains("C order"));
  broken["embedding.npy"] = npy_bytes("<f4", "(3, 2)", std::string(20, '\0'));
  CHECK_THAT(refusal(broken), Contains("holds 20 bytes") && Contains("3 x 2 elements"));
  broken["embedding.npy"] = npy_bytes("<f4", "(0, 2)", "");
  CHECK_THAT(refusal(broken), Contains("of shape 0 x 2"));
  // What a small file claims is not believed beyond what memory there is for any.
  broken["embedding.npy"] = npy_bytes("<f4", "(3, 20000000)", std::string(240'000'000, '\0'));
  CHECK_THAT(refusal(broken), Contains("of shape 3 x 20000000"));
  broken["embedding.npy"] = npy_bytes("|u1", "(1000, 60000)", std::string(60'000'000, '\0'));
  CHECK_THAT(refusal(broken), Contains("unpacks to 60000000 numbers"));

  const TemporaryFolder folder;
  std::string fingerprint;
  const std::string text = folder.write("text.npz", "item,feature\n");
  CHECK_THAT(std::string(error_of([&] { read_item_features(text, fingerprint); }).what()),
             Contains("cannot be read as an npz archive"));
  CHECK_THAT(std::string(error_of([&] { read_item_features("-", fingerprint); }).what()),
             Contains("out of order"));
}

}  // namespace item_features_test
