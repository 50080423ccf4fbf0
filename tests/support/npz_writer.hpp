#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <zip.h>

namespace balse::test {

/// A .npy file of `elements` as numpy.save writes it; `shape` as Python prints it.
inline std::string npy_bytes(const std::string& type, const std::string& shape,
                             const std::string& elements,
                             const std::string& fortran_order = "False") {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }";
  header.resize((header.size() + 10 + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + elements;
}

template <typename T>
std::string npy(const std::string& type, const std::vector<T>& values) {
  std::string elements(values.size() * sizeof(T), '\0');
  if (!values.empty()) {
    std::memcpy(elements.data(), values.data(), elements.size());
  }
  return npy_bytes(type, "(" + std::to_string(values.size()) + ",)", elements);
}

using NpzEntries = std::map<std::string, std::string>;

inline void write_npz(const std::string& path, const NpzEntries& entries, bool compressed) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(archive != nullptr);
  for (const auto& [name, bytes] : entries) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    REQUIRE(index >= 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                             compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

}  // namespace balse::test
