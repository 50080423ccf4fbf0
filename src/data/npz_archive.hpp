#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "balse/data/id_index.hpp"

struct zip;
struct zip_file;

namespace balse {

/// A NumPy .npz archive that somebody else made: whatever is in it, the answer is numbers or an
/// Error(bad_data).
class NpzArchive {
 public:
  /// What an archive should be, for messages.
  struct Form {
    const char* expected = "an archive of scipy.sparse.save_npz";
    const char* hint = "scipy.sparse.save_npz(file, matrix.tocsr())";
  };

  explicit NpzArchive(std::string path) : NpzArchive(std::move(path), Form()) {}
  NpzArchive(std::string path, const Form& form);

  /// Size of the whole file.
  std::uint64_t bytes() const { return bytes_; }

  /// The one string of an array without dimensions, trailing NULs removed.
  std::string text(const std::string& name) const;

  /// Whether there is such an entry.
  bool has(const std::string& name) const;

  /// The texts of an array of one dimension, trailing NULs removed; of integers their digits.
  std::vector<std::string> texts(const std::string& name) const;

  /// The hint is the form's where there is none.
  [[noreturn]] void fail(const std::string& found, const std::string& expected,
                         const std::string& hint = {}) const;

 private:
  friend class NpyStream;

  struct Discard {
    void operator()(zip* archive) const;
  };
  std::string path_;
  Form form_;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<zip, Discard> zip_;
};

/// One .npy entry of an archive, unpacked piece by piece: a megabyte of zeros packs into a
/// kilobyte, so the entry is never held as a whole. The archive must outlive it.
class NpyStream {
 public:
  /// Opens the entry `name`, an array of so many dimensions: none, which is one element, one or
  /// two; and checks that the sizes that its header and the archive's directory claim are the same.
  NpyStream(const NpzArchive& archive, std::string name, std::size_t dimensions);

  std::uint64_t size() const { return size_; }        ///< elements; with two dimensions, rows
  std::uint64_t columns() const { return columns_; }  ///< 1 but with two dimensions
  const std::string& type() const { return type_; }   ///< such as "<f8"
  std::size_t width() const { return width_; }        ///< bytes of an element

  /// The next elements, at most `count`, and none at the end; a checksum that does not match is
  /// found before the last ones are handed out. Valid until the next call.
  std::string_view read(std::size_t count);

  /// NpzArchive::fail() with the entry's name before `found`.
  [[noreturn]] void fail(const std::string& found, const std::string& expected) const;

 private:
  void open();
  void read_exactly(char* out, std::size_t size);
  void expect_end();
  std::string read_header();
  void parse(std::string_view header, std::size_t dimensions);

  struct Close {
    void operator()(zip_file* file) const;
  };
  const NpzArchive* archive_;
  std::string name_;
  std::unique_ptr<zip_file, Close> file_;
  std::uint64_t rest_ = 0;  ///< bytes of the entry that have not been read
  std::string type_;
  std::size_t width_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t columns_ = 1;
  std::vector<char> buffer_;
};

/// The ids of the entry `name`, one for each of `count` rows or columns, which messages call
/// `what`.
IdIndex ids_of(const NpzArchive& archive, const std::string& name, const char* what,
               std::uint64_t count);

}  // namespace balse
