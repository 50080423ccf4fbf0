#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

#include "tag_output.hpp"

namespace balse::cli {
namespace {

/// A face, such as ^_^ or o_o, has no two letters or digits beside each other.
bool is_face(const std::string& name) {
  return std::adjacent_find(name.begin(), name.end(), [](unsigned char a, unsigned char b) {
           return std::isalnum(a) != 0 && std::isalnum(b) != 0;
         }) == name.end();
}

/// A tag as it stands in a sidecar.
std::string sidecar_text(const std::string& name) {
  const bool face = is_face(name);
  std::string text;
  for (const char letter : name) {
    if (letter == '(' || letter == ')') {
      text += '\\';
    }
    text += letter == '_' && !face ? ' ' : letter;
  }
  return text;
}

class SidecarOutput final : public TagOutput {
 public:
  SidecarOutput(const TagList& tags, TagSelection selection, SidecarExisting existing)
      : tags_(tags), selection_(std::move(selection)), existing_(existing) {}

  std::vector<Poster> plan(const std::vector<Poster>& posters) override {
    std::vector<Poster> todo;
    std::set<std::string> paths;
    for (const Poster& poster : posters) {
      if (poster.content) {
        throw Error(ErrorKind::usage, {.found = "--format sidecar of a picture that is no file",
                                       .expected = "posters with a place beside them"});
      }
      const std::string path = path_of(poster);
      if (!paths.insert(path).second) {
        throw Error(ErrorKind::usage,
                    {.file = poster.path,
                     .found = "a second picture whose tags would go into " + printable(path),
                     .expected = "pictures that differ in more than their "
                                 "extension"});
      }
      std::error_code ignored;
      if (existing_ == SidecarExisting::skip && std::filesystem::exists(path, ignored)) {
        ++skipped_;
      } else {
        todo.push_back(poster);
      }
    }
    if (skipped_ > 0) {
      spdlog::info("{} of {} a .txt file already; --sidecars replace or append changes them",
                   skipped_, counted(posters.size(), "poster has", "posters have"));
    }
    return todo;
  }

  void add(const Poster& poster, std::span<const float> probabilities) override {
    std::vector<TagWeight> selected = select_tags(probabilities, tags_, selection_);
    weights_ += selected.size();
    // By category, and in each the surest first.
    std::stable_sort(selected.begin(), selected.end(), [&](const TagWeight& a, const TagWeight& b) {
      const auto rank = [&](const TagWeight& w) {
        return std::pair(tags_.categories[w.tag], -w.weight);
      };
      return rank(a) < rank(b);
    });
    const std::string path = path_of(poster);
    std::vector<std::string> names =
        existing_ == SidecarExisting::append ? names_in(path) : std::vector<std::string>();
    for (const TagWeight& weight : selected) {
      std::string text = sidecar_text(tags_.names[weight.tag]);
      if (std::find(names.begin(), names.end(), text) == names.end()) {
        names.push_back(std::move(text));
      }
    }
    AtomicFile file(path);
    file.write(CLI::detail::join(names, ", ") + "\n");
    file.commit();
  }

  void finish() override {}

 private:
  static std::string path_of(const Poster& poster) {
    return std::filesystem::path(poster.path).replace_extension(".txt").string();
  }

  static std::vector<std::string> names_in(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored) || std::filesystem::file_size(path, ignored) == 0) {
      return {};
    }
    const MappedFile file(path);
    std::string text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    std::replace(text.begin(), text.end(), '\n', ',');
    std::vector<std::string> names;
    for (const std::string& part : CLI::detail::split(text, ',')) {
      if (const std::string name = CLI::detail::trim_copy(part); !name.empty()) {
        names.push_back(name);
      }
    }
    return names;
  }

  const TagList& tags_;
  TagSelection selection_;
  SidecarExisting existing_;
  std::size_t skipped_ = 0;
};

}  // namespace

std::unique_ptr<TagOutput> make_sidecar_output(const TagList& tags, const TagSelection& selection,
                                               SidecarExisting existing) {
  return std::make_unique<SidecarOutput>(tags, selection, existing);
}

}  // namespace balse::cli
