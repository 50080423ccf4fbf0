#pragma once

#include <csignal>
#include <string>

namespace balse {

/// Between making such a file and remembering it no signal that ends the process may come in: this
/// holds them back as long as it lives.
class SignalsHeldBack {
 public:
  SignalsHeldBack();
  ~SignalsHeldBack();
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

 private:
  sigset_t before_;
};

/// A file that must not outlive the process: a signal handler removes it with all others by
/// remove_all(), which is async-signal-safe. (The destructor only forgets it.)
class UnfinishedFile {
 public:
  UnfinishedFile() = default;
  ~UnfinishedFile() { forget(); }
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  void remember(const std::string& path);
  void forget();

  static void remove_all() noexcept;

 private:
  int slot_ = -1;
};

}  // namespace balse
