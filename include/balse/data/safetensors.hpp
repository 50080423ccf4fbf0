#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/support/mapped_file.hpp"

namespace balse {

class AtomicFile;

/// The element types of safetensors that this program uses.
enum class Dtype : std::uint8_t { f64, u64, f32, u32, u8 };
std::string_view name_of(Dtype dtype);  ///< "F64"
std::size_t size_of(Dtype dtype);       ///< bytes

template <typename T>
constexpr Dtype dtype_of();
template <>
constexpr Dtype dtype_of<double>() {
  return Dtype::f64;
}
template <>
constexpr Dtype dtype_of<std::uint64_t>() {
  return Dtype::u64;
}
template <>
constexpr Dtype dtype_of<float>() {
  return Dtype::f32;
}
template <>
constexpr Dtype dtype_of<std::uint32_t>() {
  return Dtype::u32;
}
template <>
constexpr Dtype dtype_of<std::uint8_t>() {
  return Dtype::u8;
}

/// Reads a safetensors file: 8 bytes N (little-endian), N bytes of JSON that say name, type, shape
/// and place of each tensor, then the tensors, without holes
/// (github.com/huggingface/safetensors, section Format). The file is mapped; nothing in it is
/// believed before it is checked, and nothing is allocated by what a header says. Tensors are
/// aligned to their element size, as our writer and all newer ones do it.
///
/// Throws Error(bad_data) with one sentence: a truncated file, a header that is too long or no
/// JSON, a tensor outside the file, of a size that its shape denies, overlapping another,
/// misaligned, or of a type that is not in Dtype; bytes that belong to no tensor; a header that
/// does not match the checksum tensor of our writer.
class SafetensorsReader {
 public:
  static constexpr std::size_t kMaxHeader = std::size_t{1} << 20;

  explicit SafetensorsReader(std::string path);

  struct Tensor {
    Dtype dtype = Dtype::u8;
    std::vector<std::uint64_t> shape;
    std::span<const std::byte> bytes;
  };

  const std::string& path() const { return file_.path(); }
  std::size_t file_size() const { return file_.bytes().size(); }
  const std::map<std::string, Tensor>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// Throws Error(bad_data) where there is no such tensor, or one of another type or number of
  /// dimensions.
  const Tensor& tensor(const std::string& name, Dtype dtype, std::size_t dimensions) const;
  /// The elements of a tensor of one dimension.
  template <typename T>
  std::span<const T> vector(const std::string& name) const {
    return elements<T>(tensor(name, dtype_of<T>(), 1));
  }
  template <typename T>
  static std::span<const T> elements(const Tensor& tensor) {
    return {reinterpret_cast<const T*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T)};
  }

  /// Whether our writer's checksums are there; without the header's, a damaged header may look
  /// whole.
  bool has_checksums() const;

  /// Reads all tensors and compares them with a checksum that our writer stored: the quick one, at
  /// the speed of memory, or SHA-256 in a file of before it had that. True also where there is
  /// none.
  bool data_is_intact() const;
  /// The same by SHA-256.
  bool data_matches_sha256() const;

  [[noreturn]] void fail(const std::string& found, const std::string& hint = {}) const;

 private:
  void read_header();
  void check_places() const;
  void check_header_checksum() const;
  template <typename Hash>
  bool matches(const char* name) const;

  MappedFile file_;
  std::span<const std::byte> header_;
  std::span<const std::byte> data_;
  std::map<std::string, Tensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Collects tensors (whose memory must stay where it is) and writes them as a safetensors file,
/// with three more tensors: "checksum.data", the SHA-256 of all tensors before it,
/// "checksum.header", that of the header, and "checksum.quick", XXH3 of all tensors before it (8
/// bytes).
class SafetensorsWriter {
 public:
  void set_metadata(const std::string& key, const std::string& value) { metadata_[key] = value; }

  template <typename T>
  void add(const std::string& name, std::vector<std::uint64_t> shape, std::span<const T> elements) {
    tensors_.push_back({name, dtype_of<T>(), std::move(shape), std::as_bytes(elements)});
  }
  template <typename T>
  void add(const std::string& name, std::span<const T> elements) {
    add(name, {elements.size()}, elements);
  }

  void write(AtomicFile& file);

 private:
  struct Entry {
    std::string name;
    Dtype dtype;
    std::vector<std::uint64_t> shape;
    std::span<const std::byte> bytes;
  };

  std::map<std::string, std::string> metadata_;
  std::vector<Entry> tensors_;
};

}  // namespace balse
