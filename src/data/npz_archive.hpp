#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace balse {

/// Reads the arrays of a NumPy .npz archive that somebody else made: whatever is in it, the answer
/// is an array or an Error(bad_data), and no more is allocated than the entry's own bytes need.
class NpzArchive {
 public:
  explicit NpzArchive(std::string path);

  /// Integers (or booleans) of a one-dimensional array of any width and sign; anything that int64
  /// cannot hold is an error.
  std::vector<std::int64_t> integers(const std::string& name) const;

  /// Numbers of a one-dimensional array: floating point, integers or booleans.
  std::vector<float> numbers(const std::string& name) const;

  /// The one string of an array without dimensions, trailing NULs removed.
  std::string text(const std::string& name) const;

  [[noreturn]] void fail(const std::string& found, const std::string& expected) const;

 private:
  /// A .npy file: a header, then the elements as they are in memory.
  struct Array {
    std::string bytes;
    std::size_t offset = 0;  ///< of the elements in `bytes`
    std::string type;        ///< such as "<f8"
    std::size_t width = 0;   ///< bytes of an element
    std::vector<std::uint64_t> shape;
    std::size_t size = 0;  ///< elements

    const char* element(std::size_t i) const { return bytes.data() + offset + i * width; }
  };

  std::string read_entry(const std::string& name) const;
  Array read_array(const std::string& name, std::size_t dimensions) const;
  void parse_header(const std::string& name, std::string_view header, Array& array) const;

  template <typename Out>
  std::vector<Out> convert(const std::string& name, const Array& array) const;
  template <typename In, typename Out>
  std::vector<Out> copy(const std::string& name, const Array& array) const;

  struct Discard {
    void operator()(zip* archive) const;
  };
  std::string path_;
  std::unique_ptr<zip, Discard> zip_;
};

}  // namespace balse
