#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace balse {

/// What went wrong, in the terms of sysexits.h; main() turns it into the exit code.
enum class ErrorKind {
  usage,             ///< 64: options that make no sense together
  bad_data,          ///< 65: the content of a file is wrong
  no_input,          ///< 66: a file is missing or unreadable
  cannot_create,     ///< 73: an output file cannot be made
  io,                ///< 74: reading or writing failed on the way
  try_later,         ///< 75: somebody else holds the lock
  out_of_resources,  ///< 71: no memory, threads or processes left
};

/// The one error for what a user can do wrong. Every part but `found` may be empty; what() joins
/// them into one sentence a user can act on:
///   ratings.csv:17: found "lve" as a rating; expected one of favorite, like, ...; try --scale.
struct ErrorParts {
  std::string file = {};      ///< path as the user typed it, "-" for standard input
  std::uint64_t line = 0;     ///< 1-based; 0 when no line is meant
  std::string found = {};     ///< what is there; shortened, see shorten()
  std::string expected = {};  ///< what should be there
  std::string hint = {};      ///< what to try
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, ErrorParts parts);

  ErrorKind kind() const { return kind_; }
  const ErrorParts& parts() const { return parts_; }

 private:
  ErrorKind kind_;
  ErrorParts parts_;
};

/// The text in double quotes, safe to print (see escape() in printable.hpp), and at most `limit`
/// bytes of it followed by "..." (a rating file may hold a line of 100 MB).
std::string shorten(std::string_view text, std::size_t limit = 60);

/// A name as it is, or as shorten() writes it where it has unprintable characters: a terminal must
/// not obey it, nor a line break make two lines of one.
std::string printable(std::string_view text);

/// out_of_resources where the system had no memory, descriptors or processes left, `otherwise` for
/// every other reason.
ErrorKind kind_of_failure(int error_number, ErrorKind otherwise);

/// strerror(error_number) without its thread-safety trap.
std::string system_message(int error_number);

}  // namespace balse
