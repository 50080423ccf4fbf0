#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace balse {

/// A poster to be tagged.
struct Poster {
  std::string item;  ///< the id of what it is the poster of
  std::string path;
  std::uint64_t size = 0;     ///< bytes; with alternatives, of all together
  std::int64_t modified = 0;  ///< nanoseconds since 1970, of the last
  /// The file itself where it is at no path: what standard input held.
  std::shared_ptr<const std::vector<std::byte>> content;
  /// Further files of the item: 20.png beside 20.jpg. The first that can be decoded counts.
  std::vector<std::string> alternatives = {};
};

/// A poster that cannot be tagged, and why.
struct PosterFailure {
  std::string item;
  std::string path;
  std::string reason;
};

struct PosterList {
  std::vector<Poster> posters;  ///< in the order of the inputs, a folder's by path
  std::vector<PosterFailure> failures;
  std::size_t no_pictures = 0;  ///< files of folders that were passed over
};

/// Adds a file, or all files of a folder and the folders in it but hidden ones; the item of a file
/// is its name without the last extension. Links are followed, but into no folder twice. Of a
/// folder, files that neither are named as pictures nor begin as pictures do are passed over.
/// Throws Error(no_input) where there is nothing of this name or the folder cannot be read.
/// Failures: names that are no UTF-8 or have control characters, pipes and devices, folders in the
/// folder that cannot be read.
class PosterCollector {
 public:
  void add(const std::string& path);
  /// A file that no folder added later gives: what the run itself writes is no poster.
  void leave_out(const std::string& path);
  /// item,path rows of a file or "-"; the first row may be a header. Missing files are failures.
  void add_list(const std::string& list_path);
  /// What standard input holds: an image, told by a byte that no text has or by the first line of a
  /// PNM, or a path on each line.
  void add_standard_input(std::vector<std::byte> content);

  /// Files of one item are one poster and its alternatives.
  PosterList take();
  /// Every file is a poster, but the same one twice.
  PosterList take_files();

 private:
  void add_folder(const std::string& path);
  void add_file(std::string item, const std::string& path);

  PosterList list_;
  std::unordered_set<std::string> left_out_;
};

/// All of standard input. Throws Error: io, or bad_data where there is no end to it.
std::vector<std::byte> read_standard_input();

}  // namespace balse
