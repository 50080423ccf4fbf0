#pragma once

// A small tagger and its posters, for tests that run balse tag.

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "cli/run_program.hpp"
#include "tagging/caffemodel_writer.hpp"
#include "tagging/sample_tagger.hpp"

namespace balse::test {

/// A tagger of random weights with five outputs, its tag list beside it, and room for posters.
class TagSetup {
 public:
  TagSetup() {
    folder_.write("tagger.caffemodel", caffemodel_bytes(sample_tagger(4, 5), CaffeEncoding::v1));
    folder_.write("tag_list.json",
                  R"(["long hair", "smile, big", {"name": "miku", "category": "character"},)"
                  R"( {"name": "vocaloid", "category": "copyright"},)"
                  R"( {"name": "safe", "category": "rating"}])");
    std::filesystem::create_directory(folder_.path("posters"));
  }

  const TemporaryFolder& folder() const { return folder_; }
  std::string path(const std::string& name) const { return folder_.path(name); }
  std::string posters() const { return folder_.path("posters"); }
  std::string weights() const { return folder_.path("tagger.caffemodel"); }

  /// Writes the poster of an item, which is a PPM whatever its name says.
  std::string add_poster(const std::string& item, std::uint64_t seed, std::size_t size = 16) const {
    return folder_.write("posters/" + item + ".png", picture(seed, size));
  }
  /// `size` x `size` pixels of noise around a colour of the seed's, beginning with a black one.
  static std::string picture(std::uint64_t seed, std::size_t size = 16) {
    Image image = random_image(size, size, 1, seed);
    for (std::size_t k = 0; k < image.bytes.size(); ++k) {
      const std::size_t color = derive_seed(seed, k % 3) % 193;
      image.bytes[k] = k < 3 ? 0 : static_cast<std::uint8_t>(color + image.bytes[k] / 4);
    }
    const std::string side = std::to_string(size);
    return "P6\n" + side + " " + side + "\n255\n" +
           std::string(image.bytes.begin(), image.bytes.end());
  }

  std::vector<std::string> command(std::vector<std::string> more) const {
    more.insert(more.begin(), {"tag", "--weights", weights(), "--threads", "1"});
    return more;
  }
  Outcome run(const std::vector<std::string>& more, std::string_view input = {}) const {
    return run_balse(command(more), input);
  }
  /// The same by way of a shell: `before` goes before the command, `after` after it.
  Outcome run_in_shell(const std::string& before, const std::vector<std::string>& more,
                       const std::string& after = {}) const {
    std::vector<std::string> words = {"-c", before + " \"$0\" \"$@\" " + after, BALSE_PROGRAM};
    for (const std::string& word : command(more)) {
      words.push_back(word);
    }
    return run_command("bash", words);
  }

 private:
  TemporaryFolder folder_;
};

/// A program that runs while the test goes on; killed at the end if it still does.
class BackgroundProgram {
 public:
  explicit BackgroundProgram(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), BALSE_PROGRAM);
    std::vector<char*> pointers;
    for (std::string& word : arguments) {
      pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failure =
        ::posix_spawn(&child_, BALSE_PROGRAM, &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
      throw std::runtime_error("cannot run the program");
    }
  }
  ~BackgroundProgram() { end(SIGKILL); }
  BackgroundProgram(const BackgroundProgram&) = delete;
  BackgroundProgram& operator=(const BackgroundProgram&) = delete;

  /// Ends it with a signal and waits for it; whether it was running still.
  bool end(int signal) {
    if (child_ == 0) {
      return false;
    }
    ::kill(child_, signal);
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = 0;
    return WIFSIGNALED(status);
  }

 private:
  pid_t child_ = 0;
};

/// Waits for something to come true, at most half a minute.
inline bool wait_for(const std::function<bool()>& condition) {
  const auto begun = std::chrono::steady_clock::now();
  while (!condition()) {
    if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(30)) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace balse::test
