#include "balse/data/npz_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>

#include <zip.h>

#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are written as they are");

template <typename T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string shape_of(std::size_t size) {
  return "(" + std::to_string(size) + ",)";
}

/// The code points of UTF-8; what is none becomes U+FFFD.
std::u32string decode(std::string_view text) {
  constexpr char32_t kReplacement = 0xfffd;
  std::u32string points;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      points += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const auto first = static_cast<unsigned char>(text[0]);
    char32_t point = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[k]) & 0x3fU);
    }
    points += point;
    text.remove_prefix(length);
  }
  return points;
}

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

[[noreturn]] void fail_to_pack() {
  throw Error(ErrorKind::io, {.found = "an npz archive cannot be made", .hint = "--format csv"});
}

}  // namespace

void NpzWriter::add_array(const std::string& name, const std::string& type,
                          const std::string& shape, std::string_view elements) {
  // Format version 1.0: magic, a header of a multiple of 64 bytes with its length, the elements.
  constexpr std::size_t kBefore = 10;
  constexpr std::size_t kAlignment = 64;
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  const std::size_t length =
      (kBefore + header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  header.resize(length - kBefore - 1, ' ');
  header += '\n';
  std::string array("\x93NUMPY\x01\x00", 8);
  array += static_cast<char>(header.size() & 0xff);
  array += static_cast<char>(header.size() >> 8);
  array += header;
  array += elements;
  entries_.emplace_back(name + ".npy", std::move(array));
}

void NpzWriter::add(const std::string& name, const std::vector<float>& values) {
  add_array(name, "<f4", shape_of(values.size()), bytes_of(values));
}

void NpzWriter::add_matrix(const std::string& name, const std::vector<float>& values,
                           std::size_t columns) {
  const std::size_t rows = columns == 0 ? 0 : values.size() / columns;
  add_array(name, "<f4", "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")",
            bytes_of(values));
}

void NpzWriter::add(const std::string& name, const std::vector<std::int32_t>& values) {
  add_array(name, "<i4", shape_of(values.size()), bytes_of(values));
}

void NpzWriter::add(const std::string& name, const std::vector<std::int64_t>& values) {
  add_array(name, "<i8", shape_of(values.size()), bytes_of(values));
}

void NpzWriter::add(const std::string& name, const std::vector<std::string>& values) {
  std::vector<std::u32string> decoded;
  std::size_t longest = 1;
  for (const std::string& value : values) {
    longest = std::max(longest, decoded.emplace_back(decode(value)).size());
  }
  std::u32string elements;
  for (std::u32string& value : decoded) {
    value.resize(longest, U'\0');
    elements += value;
  }
  add_array(name, "<U" + std::to_string(longest), shape_of(values.size()),
            {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(char32_t)});
}

void NpzWriter::add_bytes(const std::string& name, std::string_view bytes) {
  add_array(name, "|S" + std::to_string(bytes.size()), "()", bytes);
}

std::string NpzWriter::finish() const {
  // The archive is written into a buffer that libzip owns; a second reference keeps it after that.
  zip_source_t* const buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  if (buffer == nullptr) {
    fail_to_pack();
  }
  const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> keep(buffer, zip_source_free);
  zip_source_keep(buffer);
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(buffer, ZIP_TRUNCATE, nullptr));
  if (!archive) {
    zip_source_free(buffer);
    fail_to_pack();
  }
  for (const auto& [name, bytes] : entries_) {
    zip_source_t* const source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1
                          : zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
    // The same data must give the same bytes: no time of day.
    if (index < 0 || zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0,
                                          (1U << 5) | 1U, 0) != 0) {
      fail_to_pack();
    }
  }
  if (zip_close(archive.get()) != 0) {
    fail_to_pack();
  }
  static_cast<void>(archive.release());
  zip_stat_t status;
  if (zip_source_open(buffer) != 0 || zip_source_stat(buffer, &status) != 0) {
    fail_to_pack();
  }
  std::string bytes(status.size, '\0');
  const bool whole =
      zip_source_read(buffer, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size());
  zip_source_close(buffer);
  if (!whole) {
    fail_to_pack();
  }
  return bytes;
}

}  // namespace balse
