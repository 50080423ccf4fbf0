#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace balse {

/// Takes one kind of compressed stream apart, piece by piece. A file is a sequence of members (what
/// `cat a.gz b.gz` makes), perhaps with zeros between them.
class Decompressor {
 public:
  struct Step {
    std::size_t used = 0;  ///< of the input
    std::size_t made = 0;  ///< of the output
    bool ended = false;    ///< the member; what follows is another one
    bool failed = false;   ///< what was given is no such stream
  };

  virtual ~Decompressor() = default;
  virtual const char* name() const = 0;  ///< "gzip"
  /// Takes what it can of `input` and writes at most `size` bytes to `output`. Throws
  /// std::bad_alloc.
  virtual Step step(std::string_view input, char* output, std::size_t size) = 0;
  /// Ready for the next member.
  virtual void restart() = 0;
};

/// As many bytes as are needed to tell.
inline constexpr std::size_t kCompressionMagic = 6;

/// The one for a file that begins so; nothing where it is not compressed in a way we know. `more`
/// says whether more bytes could still make it one.
std::unique_ptr<Decompressor> make_decompressor(std::string_view first_bytes, bool& more);

}  // namespace balse
