#pragma once

#include <string>

namespace balse {

/// Where an output that a user names ends up.
struct OutputTarget {
  enum class Kind {
    file,        ///< a regular file, or none yet: written beside it, then replaced
    stream,      ///< a character device, a pipe, whatever is in /proc: written to as it is
    descriptor,  ///< an open file of this process, by /dev/stdout and the like: written to as it is
    refused,     ///< nothing to write to
  };

  std::string path;  ///< all symbolic links followed, also those that lead to no file yet
  Kind kind = Kind::file;
  int descriptor = -1;
  std::string problem = {};  ///< why it is refused

  bool is_file() const { return kind == Kind::file; }
};

/// A folder that is missing is no problem here: it is one when the file is made.
OutputTarget output_target(const std::string& path);

}  // namespace balse
