// Writes the man pages and the shell completions of balse; runs while balse is built.
//   balse_manual FOLDER    makes FOLDER/man1/*.1, FOLDER/bash/balse, FOLDER/zsh/_balse and
//                          FOLDER/fish/balse.fish
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "balse/support/atomic_file.hpp"

#include "completions.hpp"
#include "man_page.hpp"
#include "outline.hpp"

namespace balse::manual {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  AtomicFile file(path.string());
  file.write(text);
  file.commit();
}

void write_all(const std::filesystem::path& folder) {
  cli::Program program;
  const Outline outline = make_outline(program);
  write(folder / "man1" / "balse.1", program_page(outline));
  for (const CommandOutline& command : outline.commands) {
    write(folder / "man1" / ("balse-" + command.name + ".1"), command_page(outline, command));
  }
  write(folder / "bash" / "balse", bash_completion(outline));
  write(folder / "zsh" / "_balse", zsh_completion(outline));
  write(folder / "fish" / "balse.fish", fish_completion(outline));
}

}  // namespace
}  // namespace balse::manual

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: balse_manual FOLDER\n");
    return 64;
  }
  try {
    balse::manual::write_all(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "balse_manual: %s\n", error.what());
    return 74;
  }
  return 0;
}
