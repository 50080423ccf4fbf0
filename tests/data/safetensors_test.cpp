#include "balse/data/safetensors.hpp"

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/atomic_file.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

/// A file with this header and so many bytes of data.
std::string file_of(const std::string& header, std::size_t data) {
  std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + std::string(data, '\0');
}

std::string message_for(const TemporaryFolder& folder, const std::string& bytes) {
  const std::string path = folder.write("bad.safetensors", bytes);
  const Error error = error_of([&] { const SafetensorsReader reader(path); });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

const std::vector<double> kNumbers = {1.5, -2.0, 1e300};
const std::vector<std::uint32_t> kCounts = {7, 8, 9, 10};
const std::vector<std::uint8_t> kBytes = {1, 2, 3};

std::string written(const TemporaryFolder& folder) {
  SafetensorsWriter writer;
  writer.set_metadata("who", "a test \xff");
  writer.add("bytes", std::span<const std::uint8_t>(kBytes));
  writer.add("counts", {2, 2}, std::span<const std::uint32_t>(kCounts));
  writer.add("nothing", std::span<const double>());
  writer.add("numbers", std::span<const double>(kNumbers));
  AtomicFile file(folder.path("good.safetensors"));
  writer.write(file);
  file.commit();
  return folder.path("good.safetensors");
}

}  // namespace

TEST_CASE("what is written as safetensors is read back", "[safetensors]") {
  const TemporaryFolder folder;
  const SafetensorsReader reader(written(folder));
  const auto numbers = reader.vector<double>("numbers");
  CHECK(std::vector<double>(numbers.begin(), numbers.end()) == kNumbers);
  const auto& counts = reader.tensor("counts", Dtype::u32, 2);
  CHECK(counts.shape == std::vector<std::uint64_t>{2, 2});
  CHECK(SafetensorsReader::elements<std::uint32_t>(counts)[3] == 10);
  CHECK(reader.vector<std::uint8_t>("bytes")[2] == 3);
  CHECK(reader.vector<double>("nothing").empty());
  CHECK_THAT(reader.metadata().at("who"), Contains("a test"));
  CHECK(reader.data_is_intact());
  CHECK(error_of([&] { reader.vector<float>("numbers"); }).kind() == ErrorKind::bad_data);
  CHECK(error_of([&] { reader.vector<std::uint32_t>("counts"); }).kind() == ErrorKind::bad_data);
  CHECK_THAT(error_of([&] { reader.vector<float>("absent"); }).what(), Contains("absent"));
}

TEST_CASE("a safetensors file cut anywhere is refused", "[safetensors]") {
  const TemporaryFolder folder;
  const std::string whole = read_file(written(folder));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    message_for(folder, whole.substr(0, length));
  }
}

TEST_CASE("a flipped bit in a header is noticed, one in the data by its checksum",
          "[safetensors]") {
  const TemporaryFolder folder;
  const std::string whole = read_file(written(folder));
  std::uint64_t length = 0;
  std::memcpy(&length, whole.data(), sizeof length);
  for (std::size_t at = 0; at < 8 + length; ++at) {
    for (const int bit : {0, 5, 7}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const std::string path = folder.write("bad.safetensors", damaged);
      try {
        // What damages the checksum's own name leaves a file without one.
        const bool unnoticed = SafetensorsReader(path).has_checksums();
        CHECK_FALSE(unnoticed);
      } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::bad_data);
      }
    }
  }
  std::string damaged = whole;
  damaged[8 + length + 3] ^= 1;
  CHECK_FALSE(SafetensorsReader(folder.write("data.safetensors", damaged)).data_is_intact());
}

TEST_CASE("headers that lie are refused with a reason", "[safetensors]") {
  const TemporaryFolder folder;
  const auto tensor = [](const std::string& dtype, const std::string& shape,
                         const std::string& offsets) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
           offsets + "}}";
  };
  CHECK_THAT(message_for(folder, std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + "{}"),
             Contains("does not begin with the length of a header"));
  CHECK_THAT(message_for(folder, file_of("[1, 2]", 0)), Contains("no JSON object"));
  CHECK_THAT(message_for(folder, file_of(R"({"a":7})", 0)), Contains("no JSON object"));
  CHECK_THAT(message_for(folder, file_of(std::string(500'000, '['), 0)), Contains("header"));
  CHECK_THAT(message_for(folder, file_of(R"({"__metadata__":{"a":1}})", 0)), Contains("metadata"));
  CHECK_THAT(message_for(folder, file_of(tensor("F64", "[1]", "[0,16]"), 8)),
             Contains("0 to 16 of 8"));
  CHECK_THAT(message_for(folder, file_of(tensor("F64", "[1]", "[8,0]"), 8)), Contains("lies at"));
  CHECK_THAT(message_for(folder, file_of(tensor("F64", "[2]", "[0,8]"), 8)),
             Contains("size of its shape"));
  CHECK_THAT(message_for(folder, file_of(tensor("U8", "[4294967296,4294967296]", "[0,8]"), 8)),
             Contains("size of its shape"));
  CHECK_THAT(message_for(folder, file_of(tensor("U8", "[-8]", "[0,8]"), 8)), Contains("shape"));
  CHECK_THAT(message_for(folder, file_of(tensor("BF16", "[4]", "[0,8]"), 8)), Contains("type"));
  CHECK_THAT(message_for(folder, file_of(tensor("U8", "[4]", "[0,4]"), 8)),
             Contains("belong to no tensor"));
  CHECK_THAT(message_for(folder, file_of(tensor("U8", "[4]", "[4,8]"), 8)),
             Contains("belong to no tensor"));
  CHECK_THAT(message_for(folder, file_of(R"({"a":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},)"
                                         R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                                         8)),
             Contains("overlap"));
  const std::string odd = tensor("F64", "[1]", "[0,8]");
  CHECK_THAT(message_for(folder, file_of(odd + std::string((8 - odd.size() % 8) + 1, ' '), 8)),
             Contains("aligned"));
}

TEST_CASE("what is no file at all is no input", "[safetensors]") {
  const TemporaryFolder folder;
  CHECK(error_of([&] { const SafetensorsReader reader(folder.path("absent")); }).kind() ==
        ErrorKind::no_input);
  CHECK(error_of([&] { const SafetensorsReader reader(folder.path()); }).kind() ==
        ErrorKind::no_input);
}
