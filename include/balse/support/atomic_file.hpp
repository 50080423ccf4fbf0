#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace balse {

class UnfinishedFile;
struct OutputTarget;

enum class Durability {
  synced,     ///< waits for the disk: survives a power cut
  unhurried,  ///< leaves that to the system; for thousands of small files that can be made again
};

struct AtomicFileOptions {
  Durability durability = Durability::synced;
  /// The output that this file is kept beside, if it is no output of its own: then owner, group and
  /// permissions are that file's, and a symbolic link is replaced instead of followed, because
  /// nobody named it.
  std::string beside = {};
};

/// An output file that appears whole or not at all: written without a name where the file system
/// can (so that not even a killed process leaves anything behind) and otherwise beside the target,
/// synced, then renamed. It keeps the old file's owner and group, as far as it may, and its
/// permissions. Different files may be written by different threads. Destroyed without commit(), it
/// leaves the target as it was and no temporary file behind.
///
/// Symbolic links are followed, also to where no file is yet. A device, a pipe, or what /dev/stdout
/// is, cannot be replaced: is_stream(), and written to as it is. Throws Error: cannot_create where
/// the file cannot be made, io where writing fails (disk full).
class AtomicFile {
 public:
  explicit AtomicFile(std::string path, AtomicFileOptions options = {});
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Removes the temporary files of all unfinished outputs, and locks that are removed when they
  /// are given back: what a signal handler must do before the process dies. Async-signal-safe.
  static void remove_unfinished() noexcept;

  bool is_stream() const { return stream_; }

  void write(std::string_view bytes);
  /// What was written so far reaches the reader of a stream.
  void flush();
  /// All of commit() but the replacing: what was written is whole and on the disk, and the target
  /// still what it was.
  void complete();
  void commit();

 private:
  bool is_synced() const { return options_.durability == Durability::synced; }
  void open_stream(const OutputTarget& target);
  int open_nameless();
  int open_named();
  std::string other_name(std::string_view ending) const;
  void give_name();
  void take_attributes() const;
  [[noreturn]] void cannot_create(const std::string& what, int error_number) const;
  [[noreturn]] void cannot_write() const;

  std::string name_;  // as the user typed it
  AtomicFileOptions options_;
  std::string path_;
  bool stream_ = false;
  std::string temporary_;  // empty while the file has no name
  std::unique_ptr<UnfinishedFile> unfinished_;
  std::string pending_;
  int descriptor_ = -1;
  bool completed_ = false;
};

}  // namespace balse
