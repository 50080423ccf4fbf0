#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

#include "path_conflicts.hpp"
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

/// What is left of a tag where ways to write it do not count.
std::string comparable(const std::string& text) {
  std::string plain;
  for (const char letter : text) {
    if (letter != '\\') {
      plain += letter == '_' ? ' ' : letter;
    }
  }
  return plain;
}

class SidecarOutput final : public TagOutput {
 public:
  SidecarOutput(const TagList& tags, TagSelection selection, SidecarExisting existing,
                const std::vector<std::string>& taken)
      : tags_(tags),
        selection_(std::move(selection)),
        existing_(existing),
        taken_(taken.begin(), taken.end()) {}

  std::vector<Poster> plan(const std::vector<Poster>& posters) override {
    for (const Poster& poster : posters) {
      if (poster.content) {
        throw Error(ErrorKind::usage, {.found = "--format sidecar of a picture that is no file",
                                       .expected = "posters with a place beside them"});
      }
      taken_.insert(resolved_path(poster.path));
    }
    std::vector<Poster> todo;
    std::set<std::string> paths;
    std::size_t skipped = 0;
    for (const Poster& poster : posters) {
      const std::string path = path_of(poster);
      if (taken_.contains(resolved_path(path))) {
        throw Error(ErrorKind::usage,
                    {.file = poster.path,
                     .found = "a picture whose tags would go into " + printable(path) +
                              ", which this run reads or writes itself",
                     .hint = "another name for that file"});
      }
      if (!paths.insert(path).second) {
        throw Error(ErrorKind::usage,
                    {.file = poster.path,
                     .found = "a second picture whose tags would go into " + printable(path),
                     .expected = "pictures that differ in more than their "
                                 "extension"});
      }
      std::error_code ignored;
      if (existing_ == SidecarExisting::skip && std::filesystem::exists(path, ignored)) {
        ++skipped;
      } else {
        todo.push_back(poster);
      }
    }
    if (skipped > 0) {
      spdlog::info("{} of {} a .txt file already; --sidecars replace or append changes them",
                   skipped, counted(posters.size(), "poster has", "posters have"));
    }
    return todo;
  }

  void add(const Poster& poster, std::span<const float> probabilities) override {
    std::vector<TagWeight> selected = select_tags(probabilities, tags_, selection_);
    // By category, and in each the surest first.
    std::stable_sort(selected.begin(), selected.end(), [&](const TagWeight& a, const TagWeight& b) {
      const auto rank = [&](const TagWeight& w) {
        return std::pair(tags_.categories[w.tag], -w.weight);
      };
      return rank(a) < rank(b);
    });
    try {
      write(path_of(poster), selected);
      weights_ += selected.size();
    } catch (const Error& error) {
      if (!problem_) {
        problem_ = error;
      }
      ++problems_;
    }
  }

  void finish() override {
    if (problem_) {
      ErrorParts parts = problem_->parts();
      if (problems_ > 1) {
        parts.found += ", and " + std::to_string(problems_ - 1) + " other files beside posters";
      }
      throw Error(problem_->kind(), parts);
    }
  }

 private:
  static std::string path_of(const Poster& poster) {
    return std::filesystem::path(poster.path).replace_extension(".txt").string();
  }

  void write(const std::string& path, const std::vector<TagWeight>& selected) const {
    std::string text = existing_ == SidecarExisting::append ? text_in(path) : std::string();
    std::set<std::string> there;
    std::string words = text;
    std::replace(words.begin(), words.end(), '\n', ',');
    for (const std::string& word : CLI::detail::split(words, ',')) {
      there.insert(comparable(CLI::detail::trim_copy(word)));
    }
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    for (const TagWeight& weight : selected) {
      const std::string name = sidecar_text(tags_.names[weight.tag]);
      if (there.insert(comparable(name)).second) {
        text += (text.empty() || text.ends_with(',') ? (text.empty() ? "" : " ") : ", ") + name;
      }
    }
    AtomicFile file(path);
    file.write(text + "\n");
    file.commit();
  }

  static std::string text_in(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      return {};
    }
    const MappedFile file(path);
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
  }

  const TagList& tags_;
  TagSelection selection_;
  SidecarExisting existing_;
  std::set<std::string> taken_;
  std::optional<Error> problem_;  // the first
  std::size_t problems_ = 0;
};

}  // namespace

std::unique_ptr<TagOutput> make_sidecar_output(const TagList& tags, const TagSelection& selection,
                                               SidecarExisting existing,
                                               const std::vector<std::string>& taken) {
  return std::make_unique<SidecarOutput>(tags, selection, existing, taken);
}

}  // namespace balse::cli
