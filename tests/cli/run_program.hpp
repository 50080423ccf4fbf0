#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "support/temporary_folder.hpp"

namespace balse::test {

struct Outcome {
  int exit_code = 0;  ///< 128 + signal where a signal ended it, as a shell reports it
  std::string out;
  std::string err;
};

/// A file without a name, gone when closed.
class Scratch {
 public:
  Scratch() : file_(std::tmpfile()) {
    if (!file_) {
      throw std::runtime_error("no temporary file");
    }
  }
  int descriptor() const { return ::fileno(file_.get()); }
  void write(std::string_view text) {
    if (!text.empty()) {  // an empty view may point nowhere
      std::fwrite(text.data(), 1, text.size(), file_.get());
    }
    std::rewind(file_.get());
  }
  std::string read() {
    std::string text;
    std::rewind(file_.get());
    char block[4096];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, file_.get())) > 0;) {
      text.append(block, n);
    }
    return text;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

/// Runs `program` (looked for in PATH unless it has a slash) without a shell and waits for it.
inline Outcome run_command(const std::string& program, const std::vector<std::string>& arguments,
                           std::string_view input = {}) {
  Scratch in;
  Scratch out;
  Scratch err;
  in.write(input);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, program.c_str(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    throw std::runtime_error("cannot run " + program);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = out.read(),
          .err = err.read()};
}

/// Runs balse itself, as built.
inline Outcome run_balse(const std::vector<std::string>& arguments, std::string_view input = {}) {
  return run_command(BALSE_PROGRAM, arguments, input);
}

}  // namespace balse::test
