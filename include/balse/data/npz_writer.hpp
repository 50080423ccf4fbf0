#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace balse {

/// Makes a NumPy .npz archive, compressed, in memory.
class NpzWriter {
 public:
  /// An array of one dimension.
  void add(const std::string& name, const std::vector<float>& values);
  void add(const std::string& name, const std::vector<std::int32_t>& values);
  void add(const std::string& name, const std::vector<std::int64_t>& values);
  /// An array of rows x columns, by rows.
  void add_matrix(const std::string& name, const std::vector<float>& values, std::size_t columns);
  /// UTF-8 text, as NumPy's strings of the longest one's length.
  void add(const std::string& name, const std::vector<std::string>& values);
  /// One string of bytes, without dimensions.
  void add_bytes(const std::string& name, std::string_view bytes);

  /// Throws Error(io) where libzip cannot do it.
  std::string finish() const;

 private:
  void add_array(const std::string& name, const std::string& type, const std::string& shape,
                 std::string_view elements);

  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace balse
