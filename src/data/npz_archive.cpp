#include "data/npz_archive.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include <zip.h>

#include "balse/support/error.hpp"

namespace balse {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are");

constexpr std::uint64_t kMaxDeflateRatio = 1032;  // what deflate can do at best
constexpr std::uint64_t kMaxHeader = 65536;

// The value of a key in the header's Python dictionary, up to `end`: {'descr': '<f8', 'shape':
// (3,), ...}. NumPy writes these headers itself, always in this form.
std::string_view value_of(std::string_view header, std::string_view key, std::string_view end) {
  const std::string quoted = "'" + std::string(key) + "':";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view value = header.substr(at + quoted.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  const std::size_t stop = value.find(end);
  return stop == std::string_view::npos ? std::string_view() : value.substr(0, stop);
}

}  // namespace

void NpzArchive::Discard::operator()(zip* archive) const {
  zip_discard(archive);
}

NpzArchive::NpzArchive(std::string path) : path_(std::move(path)) {
  int code = 0;
  zip_.reset(zip_open(path_.c_str(), ZIP_RDONLY, &code));
  if (zip_ == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail("cannot be read as an npz archive: " + message, {});
  }
}

void NpzArchive::fail(const std::string& found, const std::string& expected) const {
  throw Error(ErrorKind::bad_data, {.file = path_,
                                    .found = found,
                                    .expected = expected,
                                    .hint = "scipy.sparse.save_npz(file, matrix.tocsr())"});
}

std::string NpzArchive::read_entry(const std::string& name) const {
  zip_stat_t status;
  if (zip_stat(zip_.get(), name.c_str(), 0, &status) != 0) {
    fail("holds no " + name, "an archive of scipy.sparse.save_npz");
  }
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
  if ((status.valid & kNeeded) != kNeeded || status.comp_size > UINT64_MAX / kMaxDeflateRatio ||
      status.size > status.comp_size * kMaxDeflateRatio + kMaxHeader) {
    fail(name + " claims an impossible size", {});
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(zip_.get(), status.index, 0), zip_fclose);
  if (file == nullptr) {
    fail(name + " cannot be unpacked: " + zip_strerror(zip_.get()), {});
  }
  // Grown with what is really there, not allocated by what the directory promises.
  std::string bytes;
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  while (bytes.size() < status.size) {
    const std::size_t have = bytes.size();
    bytes.resize(have + std::min<std::uint64_t>(kChunk, status.size - have));
    const zip_int64_t count = zip_fread(file.get(), bytes.data() + have, bytes.size() - have);
    if (count <= 0) {
      fail(name + " is truncated or corrupt", {});
    }
    bytes.resize(have + static_cast<std::size_t>(count));
  }
  char beyond = 0;  // reading to the very end makes libzip compare the checksum
  if (zip_fread(file.get(), &beyond, 1) != 0) {
    fail(name + " is corrupt", {});
  }
  return bytes;
}

NpzArchive::Array NpzArchive::read_array(const std::string& name, std::size_t dimensions) const {
  Array array;
  array.bytes = read_entry(name);
  const std::string_view bytes = array.bytes;
  if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY") || bytes[6] < 1 || bytes[6] > 3) {
    fail(name + " is not a NumPy array", "the .npy format, version 1 to 3");
  }
  std::uint32_t length = 0;  // of the header: 2 bytes in version 1, 4 bytes later
  const std::size_t length_size = bytes[6] == 1 ? 2 : 4;
  std::memcpy(&length, bytes.data() + 8, length_size);
  array.offset = 8 + length_size + length;
  if (length > kMaxHeader || array.offset > bytes.size()) {
    fail(name + " has a header of " + std::to_string(length) + " bytes", "less");
  }
  parse_header(name, bytes.substr(8 + length_size, length), array);
  if (array.shape.size() != dimensions) {
    fail(name + " has " + std::to_string(array.shape.size()) + " dimensions",
         std::to_string(dimensions));
  }
  // Divided, not multiplied: the shape may be anything.
  const std::size_t available = bytes.size() - array.offset;
  array.size = dimensions == 0 ? 1 : array.shape[0];
  if (available % array.width != 0 || available / array.width != array.size) {
    fail(name + " holds " + std::to_string(available) + " bytes of data",
         std::to_string(array.size) + " elements of type " + shorten(array.type));
  }
  return array;
}

void NpzArchive::parse_header(const std::string& name, std::string_view header,
                              Array& array) const {
  const std::string_view type = value_of(header, "descr", ",");
  const std::string_view order = value_of(header, "fortran_order", ",");
  std::string_view shape = value_of(header, "shape", ")");
  const auto fail_header = [&] {
    fail(name + " has the header " + shorten(header, 100),
         "numbers or a text in C order, little endian");
  };
  if (type.size() < 5 || type.front() != '\'' || type.back() != '\'' || order != "False" ||
      !shape.starts_with('(')) {
    fail_header();
  }
  array.type = type.substr(1, type.size() - 2);
  const std::string_view digits = std::string_view(array.type).substr(2);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), array.width);
  if (error != std::errc() || end != digits.data() + digits.size() || array.width == 0 ||
      array.width > 64 || (array.type[0] != '<' && array.type[0] != '|')) {
    fail_header();
  }
  array.width *= array.type[1] == 'U' ? 4 : 1;
  for (shape.remove_prefix(1); !shape.empty();) {
    std::uint64_t extent = 0;
    const auto [stop, problem] = std::from_chars(shape.data(), shape.data() + shape.size(), extent);
    if (problem != std::errc()) {
      fail_header();
    }
    array.shape.push_back(extent);
    shape.remove_prefix(stop - shape.data());
    const std::size_t next = std::min(shape.find_first_not_of(", "), shape.size());
    if (next == 0 && !shape.empty()) {
      fail_header();
    }
    shape.remove_prefix(next);
  }
}

template <typename In, typename Out>
std::vector<Out> NpzArchive::copy(const std::string& name, const Array& array) const {
  std::vector<Out> values(array.size);
  for (std::size_t i = 0; i < array.size; ++i) {
    In value{};
    std::memcpy(&value, array.element(i), sizeof value);
    if constexpr (std::is_integral_v<Out>) {
      if (!std::in_range<Out>(value)) {
        fail(name + " holds " + std::to_string(value), "smaller numbers");
      }
    } else if constexpr (std::is_same_v<In, double>) {
      // What float cannot hold is undefined to convert; it is no weight, as infinity says as well.
      if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
        value = std::copysign(std::numeric_limits<double>::infinity(), value);
      }
    }
    values[i] = static_cast<Out>(value);  // NOLINT(bugprone-signed-char-misuse): a number, no text
  }
  return values;
}

template <typename Out>
std::vector<Out> NpzArchive::convert(const std::string& name, const Array& array) const {
  const std::string_view type = array.type;
  if constexpr (std::is_floating_point_v<Out>) {
    if (type == "<f4") {
      return copy<float, Out>(name, array);
    }
    if (type == "<f8") {
      return copy<double, Out>(name, array);
    }
  }
  if (type == "<i4") {
    return copy<std::int32_t, Out>(name, array);
  }
  if (type == "<i8") {
    return copy<std::int64_t, Out>(name, array);
  }
  if (type == "<i2") {
    return copy<std::int16_t, Out>(name, array);
  }
  if (type == "|i1") {
    return copy<std::int8_t, Out>(name, array);
  }
  if (type == "|u1" || type == "|b1") {
    return copy<std::uint8_t, Out>(name, array);
  }
  if (type == "<u2") {
    return copy<std::uint16_t, Out>(name, array);
  }
  if (type == "<u4") {
    return copy<std::uint32_t, Out>(name, array);
  }
  if (type == "<u8") {
    return copy<std::uint64_t, Out>(name, array);
  }
  fail(name + " has elements of type " + shorten(type),
       std::is_floating_point_v<Out> ? "<f4, <f8, integers or booleans" : "integers");
}

std::vector<std::int64_t> NpzArchive::integers(const std::string& name) const {
  return convert<std::int64_t>(name, read_array(name, 1));
}

std::vector<float> NpzArchive::numbers(const std::string& name) const {
  return convert<float>(name, read_array(name, 1));
}

std::string NpzArchive::text(const std::string& name) const {
  const Array array = read_array(name, 0);
  std::string text;
  const std::size_t step = array.type[1] == 'U' ? 4 : 1;  // UTF-32; what we look for is ASCII
  if (array.type[1] != 'U' && array.type[1] != 'S') {
    fail(name + " has elements of type " + shorten(array.type), "a text");
  }
  for (std::size_t i = 0; i < array.width && array.element(0)[i] != '\0'; i += step) {
    text += array.element(0)[i];
  }
  return text;
}

}  // namespace balse
