#include "balse/data/npz_writer.hpp"

#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/npz_reader.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

TEST_CASE("arrays are read back from an archive as they were", "[npz_writer]") {
  const std::vector<float> floats = {1.5F, -0.0F, std::numeric_limits<float>::max(), 1e-40F};
  const std::vector<std::int32_t> ints = {-1, 0, INT32_MAX, INT32_MIN};
  const std::vector<std::int64_t> longs = {INT64_MIN, 7, INT64_MAX};
  const std::vector<std::int64_t> many(100'000, 42);
  NpzWriter writer;
  writer.add("floats", floats);
  writer.add("ints", ints);
  writer.add("longs", longs);
  writer.add("many", many);
  writer.add("none", std::vector<float>{});
  writer.add_bytes("format", "csr");
  const std::string bytes = writer.finish();
  CHECK(bytes.size() < 10'000);  // compressed
  CHECK(bytes == writer.finish());

  const TemporaryFolder folder;
  const NpzArchive archive(folder.write("a.npz", bytes));
  CHECK(floats_of(archive, "floats.npy") == floats);
  CHECK(integers_of(archive, "ints.npy") == std::vector<std::int64_t>(ints.begin(), ints.end()));
  CHECK(integers_of(archive, "longs.npy") == longs);
  CHECK(integers_of(archive, "many.npy") == many);
  CHECK(floats_of(archive, "none.npy").empty());
  CHECK(archive.text("format.npy") == "csr");
}
