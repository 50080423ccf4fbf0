#include "data/npz_archive.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <sys/stat.h>
#include <utility>

#include <zip.h>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

#include "data/npz_numbers.hpp"

namespace balse {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are");

constexpr std::uint64_t kMaxDeflateRatio = 1032;  // what deflate can do at best
constexpr std::uint32_t kMaxNpzHeader = 65536;
constexpr std::size_t kWidest = 4096;  // characters of a text

// The value of a key in the header's Python dictionary, up to `end`: {'descr': '<f8', 'shape':
// (3,), ...}. NumPy writes these headers itself, always in this form.
std::string_view header_value(std::string_view header, std::string_view key, std::string_view end) {
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

// The extents in "(4, 3" or "(4,", or false.
bool parse_shape(std::string_view text, std::vector<std::uint64_t>& shape) {
  if (!text.starts_with('(')) {
    return false;
  }
  for (text.remove_prefix(1); !text.empty();) {
    std::uint64_t extent = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (problem != std::errc()) {
      return false;
    }
    shape.push_back(extent);
    text.remove_prefix(stop - text.data());
    const std::size_t next = std::min(text.find_first_not_of(", "), text.size());
    if (next == 0 && !text.empty()) {
      return false;
    }
    text.remove_prefix(next);
  }
  return true;
}

// Bytes of an element of a type such as <f8, |S3 or <U3; 0 where it is none that is read here.
std::size_t width_of(std::string_view type) {
  if (type.size() < 3 || (type[0] != '<' && type[0] != '|')) {
    return 0;
  }
  std::size_t width = 0;
  const char* const end = type.data() + type.size();
  const auto [stop, problem] = std::from_chars(type.data() + 2, end, width);
  if (problem != std::errc() || stop != end || width > kWidest) {
    return 0;
  }
  return type[1] == 'U' ? 4 * width : width;
}

std::string utf8_of_utf32(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t c = 0;
    std::memcpy(&c, bytes.data() + at, 4);
    const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte & 0xff); };
    if (c < 0x80) {
      add(c);
    } else if (c < 0x800) {
      add(0xc0 | c >> 6);
      add(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      add(0xe0 | c >> 12);
      add(0x80 | (c >> 6 & 0x3f));
      add(0x80 | (c & 0x3f));
    } else {
      add(0xf0 | c >> 18);
      add(0x80 | (c >> 12 & 0x3f));
      add(0x80 | (c >> 6 & 0x3f));
      add(0x80 | (c & 0x3f));
    }
  }
  return text;
}

}  // namespace

void NpzArchive::Discard::operator()(zip* archive) const {
  zip_discard(archive);
}

NpzArchive::NpzArchive(std::string path, const Form& form) : path_(std::move(path)), form_(form) {
  int code = 0;
  zip_.reset(zip_open(path_.c_str(), ZIP_RDONLY, &code));
  if (zip_ == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail("cannot be read as an npz archive: " + message, {});
  }
  struct stat status = {};
  if (::stat(path_.c_str(), &status) == 0) {
    bytes_ = static_cast<std::uint64_t>(status.st_size);
  }
}

void NpzArchive::fail(const std::string& found, const std::string& expected,
                      const std::string& hint) const {
  throw Error(ErrorKind::bad_data, {.file = path_,
                                    .found = found,
                                    .expected = expected,
                                    .hint = hint.empty() ? form_.hint : hint});
}

bool NpzArchive::has(const std::string& name) const {
  return zip_name_locate(zip_.get(), name.c_str(), 0) >= 0;
}

std::vector<std::string> NpzArchive::texts(const std::string& name) const {
  constexpr std::size_t kPiece = 256;
  std::vector<std::string> result;
  NpyStream array(*this, name, 1);
  const char kind = array.type()[1];
  if (kind != 'U' && kind != 'S') {
    NpzNumbers<std::int64_t> numbers(*this, name);
    for (std::uint64_t k = 0; k < numbers.size(); ++k) {
      result.push_back(std::to_string(numbers.next()));
    }
    return result;
  }
  for (std::uint64_t k = 0; k < array.size();) {
    const std::string_view piece = array.read(kPiece);
    for (std::size_t at = 0; at < piece.size(); at += array.width(), ++k) {
      const std::string_view bytes = piece.substr(at, array.width());
      std::string text = kind == 'U' ? utf8_of_utf32(bytes) : std::string(bytes);
      text.resize(std::min(text.find('\0'), text.size()));
      if (find_invalid_utf8(text) != std::string_view::npos) {
        array.fail("holds a text that is not UTF-8", "texts");
      }
      result.push_back(std::move(text));
    }
  }
  return result;
}

std::string NpzArchive::text(const std::string& name) const {
  NpyStream array(*this, name, 0);
  const char kind = array.type()[1];
  if (kind != 'U' && kind != 'S') {
    array.fail("has elements of type " + shorten(array.type()), "a text");
  }
  const std::string_view bytes = array.read(1);
  std::string text;
  const std::size_t step = kind == 'U' ? 4 : 1;  // UTF-32; what we look for is ASCII
  for (std::size_t i = 0; i < bytes.size() && bytes[i] != '\0'; i += step) {
    text += bytes[i];
  }
  return text;
}

void NpyStream::Close::operator()(zip_file* file) const {
  zip_fclose(file);
}

NpyStream::NpyStream(const NpzArchive& archive, std::string name, std::size_t dimensions)
    : archive_(&archive), name_(std::move(name)) {
  open();
  parse(read_header(), dimensions);
  // Divided, not multiplied: the shape may be anything.
  const std::uint64_t elements = rest_ / width_;
  const bool fits =
      columns_ == 0 ? elements == 0 : elements % columns_ == 0 && elements / columns_ == size_;
  if (rest_ % width_ != 0 || !fits) {
    fail("holds " + counted(rest_, "byte") + " of data",
         std::to_string(size_) + (dimensions == 2 ? " x " + std::to_string(columns_) : "") +
             " elements of type " + shorten(type_));
  }
  if (rest_ == 0) {
    expect_end();
  }
}

void NpyStream::fail(const std::string& found, const std::string& expected) const {
  archive_->fail(name_ + " " + found, expected);
}

void NpyStream::open() {
  zip* const zip = archive_->zip_.get();
  zip_stat_t status;
  if (zip_stat(zip, name_.c_str(), 0, &status) != 0) {
    archive_->fail("holds no " + name_, archive_->form_.expected);
  }
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
  if ((status.valid & kNeeded) != kNeeded || status.comp_size > UINT64_MAX / kMaxDeflateRatio ||
      status.size > status.comp_size * kMaxDeflateRatio + kMaxNpzHeader) {
    fail("claims an impossible size", {});
  }
  rest_ = status.size;
  file_.reset(zip_fopen_index(zip, status.index, 0));
  if (file_ == nullptr) {
    fail(std::string("cannot be unpacked: ") + zip_strerror(zip), {});
  }
}

void NpyStream::read_exactly(char* out, std::size_t size) {
  while (size > 0) {
    const zip_int64_t count = zip_fread(file_.get(), out, size);
    if (count <= 0) {
      fail("is truncated or corrupt", {});
    }
    out += count;
    size -= static_cast<std::size_t>(count);
    rest_ -= static_cast<std::uint64_t>(count);
  }
}

// Reading to the very end makes libzip compare the checksum.
void NpyStream::expect_end() {
  char beyond = 0;
  if (zip_fread(file_.get(), &beyond, 1) != 0) {
    fail("is corrupt", {});
  }
}

std::string NpyStream::read_header() {
  char start[12] = {};  // magic, version, and the header's length: 2 bytes in version 1, 4 later
  if (rest_ < sizeof start) {
    fail("is not a NumPy array", "the .npy format, version 1 to 3");
  }
  read_exactly(start, 10);
  if (std::memcmp(start, "\x93NUMPY", 6) != 0 || start[6] < 1 || start[6] > 3) {
    fail("is not a NumPy array", "the .npy format, version 1 to 3");
  }
  std::uint32_t length = 0;
  if (start[6] == 1) {
    std::memcpy(&length, start + 8, 2);
  } else {
    read_exactly(start + 10, 2);
    std::memcpy(&length, start + 8, 4);
  }
  if (length > kMaxNpzHeader || length > rest_) {
    fail("has a header of " + std::to_string(length) + " bytes", "less");
  }
  std::string header(length, '\0');
  read_exactly(header.data(), header.size());
  return header;
}

void NpyStream::parse(std::string_view header, std::size_t dimensions) {
  std::string_view type = header_value(header, "descr", ",");
  if (type.size() >= 2 && type.front() == '\'' && type.back() == '\'') {
    type = type.substr(1, type.size() - 2);
    width_ = width_of(type);
  }
  std::vector<std::uint64_t> shape;
  if (width_ == 0 || header_value(header, "fortran_order", ",") != "False" ||
      !parse_shape(header_value(header, "shape", ")"), shape)) {
    fail("has the header " + shorten(header, 100), "numbers or a text in C order, little endian");
  }
  if (shape.size() != dimensions) {
    fail("has " + counted(shape.size(), "dimension"), std::to_string(dimensions));
  }
  type_ = type;
  size_ = shape.empty() ? 1 : shape[0];
  columns_ = shape.size() == 2 ? shape[1] : 1;
}

std::string_view NpyStream::read(std::size_t count) {
  buffer_.resize(std::min<std::uint64_t>(count, rest_ / width_) * width_);
  if (!buffer_.empty()) {
    read_exactly(buffer_.data(), buffer_.size());
    if (rest_ == 0) {
      expect_end();
    }
  }
  return {buffer_.data(), buffer_.size()};
}

IdIndex ids_of(const NpzArchive& archive, const std::string& name, const char* what,
               std::uint64_t count) {
  const std::vector<std::string> ids = archive.texts(name);
  if (ids.size() != count) {
    archive.fail("names " + counted(ids.size(), what),
                 std::to_string(count) + ", as many as the matrix has");
  }
  IdIndex index;
  for (std::uint32_t k = 0; k < count; ++k) {
    if (ids[k].empty() || index.insert(ids[k]) != k) {
      archive.fail(std::string(what) + " " + std::to_string(k + 1) + ", " + shorten(ids[k]) +
                       (ids[k].empty() ? ", is empty" : ", is named twice"),
                   "a different name for each");
    }
  }
  return index;
}

}  // namespace balse
