#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/file_kind.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/data/safetensors.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/quick_hash.hpp"
#include "data/safetensors_format.hpp"

namespace balse {
namespace {

using Json = nlohmann::json;

// {tensor: {shape: [...]}} is all the depth that the format has; more is an attack on the parser.
constexpr int kMaxDepth = 4;

std::string_view header_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Dtype> dtype_named(const Json& name) {
  for (const Dtype dtype : {Dtype::f64, Dtype::u64, Dtype::f32, Dtype::u32, Dtype::u8}) {
    if (name == name_of(dtype)) {
      return dtype;
    }
  }
  return std::nullopt;
}

// A list of whole numbers, or nothing.
std::optional<std::vector<std::uint64_t>> numbers_of(const Json& list) {
  std::vector<std::uint64_t> numbers;
  if (!list.is_array()) {
    return std::nullopt;
  }
  for (const Json& number : list) {
    if (!number.is_number_unsigned()) {
      return std::nullopt;
    }
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

// The bytes of a tensor of this shape; nothing where that is no number of 64 bits.
std::optional<std::uint64_t> byte_count(Dtype dtype, const std::vector<std::uint64_t>& shape) {
  std::uint64_t bytes = size_of(dtype);
  for (const std::uint64_t extent : shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace

std::string_view name_of(Dtype dtype) {
  constexpr std::array<std::string_view, 5> kNames = {"F64", "U64", "F32", "U32", "U8"};
  return kNames[static_cast<std::size_t>(dtype)];
}

std::size_t size_of(Dtype dtype) {
  constexpr std::array<std::size_t, 5> kSizes = {8, 8, 4, 4, 1};
  return kSizes[static_cast<std::size_t>(dtype)];
}

SafetensorsReader::SafetensorsReader(std::string path) : file_(std::move(path)) {
  const auto bytes = file_.bytes();
  std::uint64_t length = 0;
  const std::string kind = kind_of_file(bytes);
  if (!kind.empty()) {
    fail("is no safetensors file, but " + kind);
  }
  if (bytes.size() < sizeof length) {
    fail("is no safetensors file: it has only " + counted(bytes.size(), "byte"));
  }
  std::memcpy(&length, bytes.data(), sizeof length);  // little-endian, as this machine
  const std::size_t rest = bytes.size() - sizeof length;
  if (length > rest || length > kMaxHeader) {
    const bool begins_well =
        length <= kMaxHeader && rest > 0 && bytes[sizeof length] == std::byte{'{'};
    fail(begins_well ? "is truncated: its header of " + std::to_string(length) +
                           " bytes does not fit into a file of " + std::to_string(bytes.size())
                     : "is no safetensors file: it does not begin with the length of a header");
  }
  header_ = bytes.subspan(sizeof length, length);
  data_ = bytes.subspan(sizeof length + length);
  read_header();
  check_places();
  check_header_checksum();
}

void SafetensorsReader::fail(const std::string& found, const std::string& hint) const {
  throw Error(ErrorKind::bad_data, {.file = path(), .found = found, .hint = hint});
}

void SafetensorsReader::read_header() {
  if (json_deeper_than(header_text(header_), kMaxDepth)) {
    fail("is damaged or no safetensors file: its header is nested too deeply");
  }
  const std::string_view text = header_text(header_);
  const Json header = Json::parse(text.begin(), text.end(), nullptr, false);
  if (header.is_discarded()) {
    fail("is damaged or no safetensors file: its header is no JSON");
  }
  if (!header.is_object()) {
    fail("is damaged or no safetensors file: its header is no JSON object");
  }
  for (const auto& [name, entry] : header.items()) {
    if (!entry.is_object()) {
      fail("is damaged: the header's entry " + shorten(name) + " is no JSON object");
    }
    if (name == "__metadata__") {
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) {
          fail("is damaged: the metadata " + shorten(key) + " is no text");
        }
        metadata_[key] = value.get<std::string>();
      }
      continue;
    }
    const auto dtype = dtype_named(entry.value("dtype", Json()));
    auto shape = numbers_of(entry.value("shape", Json()));
    const auto place = numbers_of(entry.value("data_offsets", Json()));
    if (!dtype || !shape || !place || place->size() != 2) {
      fail("is damaged or holds what this program does not know: type, shape or place of tensor " +
           shorten(name));
    }
    const std::uint64_t begin = (*place)[0];
    const std::uint64_t end = (*place)[1];
    if (begin > end || end > data_.size()) {
      fail("is truncated or damaged: tensor " + shorten(name) + " lies at bytes " +
           std::to_string(begin) + " to " + std::to_string(end) + " of " +
           std::to_string(data_.size()));
    }
    if (byte_count(*dtype, *shape) != end - begin) {
      fail("is damaged: tensor " + shorten(name) + " does not have the size of its shape");
    }
    tensors_[name] = {*dtype, std::move(*shape), data_.subspan(begin, end - begin)};
    if (reinterpret_cast<std::uintptr_t>(tensors_[name].bytes.data()) % size_of(*dtype) != 0) {
      fail("holds tensor " + shorten(name) + " where its elements are not aligned");
    }
  }
}

void SafetensorsReader::check_places() const {
  std::vector<std::span<const std::byte>> places;
  for (const auto& [name, tensor] : tensors_) {
    if (!tensor.bytes.empty()) {
      places.push_back(tensor.bytes);
    }
  }
  std::sort(places.begin(), places.end(),
            [](const auto& left, const auto& right) { return left.data() < right.data(); });
  const std::byte* next = data_.data();
  for (const auto& place : places) {
    if (place.data() != next) {
      fail(place.data() < next ? "is damaged: two of its tensors overlap"
                               : "is damaged: some of its bytes belong to no tensor");
    }
    next = place.data() + place.size();
  }
  if (next != data_.data() + data_.size()) {
    fail("is damaged: some of its bytes belong to no tensor");
  }
}

void SafetensorsReader::check_header_checksum() const {
  const auto found = tensors_.find(kHeaderChecksum);
  if (found == tensors_.end()) {
    return;
  }
  Sha256 hash;
  hash.update(header_text(header_));
  if (header_text(found->second.bytes) != hash.digest()) {
    fail("is damaged: its header does not match its checksum", "the file before it was changed");
  }
}

const SafetensorsReader::Tensor& SafetensorsReader::tensor(const std::string& name, Dtype dtype,
                                                           std::size_t dimensions) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    fail("holds no tensor " + shorten(name));
  }
  const Tensor& tensor = found->second;
  if (tensor.dtype != dtype || tensor.shape.size() != dimensions) {
    fail("is damaged: tensor " + shorten(name) + " is not of type " + std::string(name_of(dtype)) +
         " with " + counted(dimensions, "dimension"));
  }
  return tensor;
}

bool SafetensorsReader::has_checksums() const {
  return has(kHeaderChecksum) && has(kDataChecksum);
}

template <typename Hash>
bool SafetensorsReader::matches(const char* name) const {
  const auto checksum = tensors_.find(name);
  if (checksum == tensors_.end()) {
    return true;
  }
  const std::byte* const end = checksum->second.bytes.data();
  Hash hash;
  hash.update(header_text({data_.data(), end}));
  return header_text(checksum->second.bytes) == hash.digest();
}

bool SafetensorsReader::data_is_intact() const {
  return has(kQuickChecksum) ? matches<QuickHash>(kQuickChecksum) : data_matches_sha256();
}

bool SafetensorsReader::data_matches_sha256() const {
  return matches<Sha256>(kDataChecksum);
}

}  // namespace balse
