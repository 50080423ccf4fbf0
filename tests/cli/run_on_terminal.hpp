#pragma once

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace balse::test {

/// What balse writes where standard output is a terminal of so many columns; nothing where the
/// machine has no pseudo-terminals.
inline std::optional<std::string> run_on_terminal(const std::vector<std::string>& arguments,
                                                  unsigned short columns) {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0) {
    return std::nullopt;
  }
  const int theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY);
  if (theirs < 0) {
    ::close(ours);
    return std::nullopt;
  }
  const winsize size = {.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  ::ioctl(theirs, TIOCSWINSZ, &size);
  std::vector<std::string> words = {BALSE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, theirs, STDOUT_FILENO);
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, BALSE_PROGRAM, &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(theirs);
  std::string text;
  char block[4096];
  // The end of a terminal that nobody writes to is an error, EIO.
  for (ssize_t n = 0; failure == 0 && (n = ::read(ours, block, sizeof block)) > 0;) {
    text.append(block, static_cast<std::size_t>(n));
  }
  ::close(ours);
  int status = 0;
  while (failure == 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::string lines;  // the terminal's driver has put a return before each line end
  for (const char c : text) {
    lines += c == '\r' ? "" : std::string(1, c);
  }
  return lines;
}

}  // namespace balse::test
