#include <charconv>
#include <filesystem>
#include <system_error>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/synthesis/synthesize.hpp"
#include "balse/tagging/poster_painter.hpp"

namespace balse {
namespace {

bool has_drawn_poster(const SyntheticData& data, std::size_t item) {
  return item < data.tags().items() && data.tags().count(item) > 0;
}

/// Whether a file of this name is one that will be written.
bool is_ours(const SyntheticData& data, const std::string& name) {
  std::uint32_t item = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), item);
  return error == std::errc() && has_drawn_poster(data, item) &&
         name == std::to_string(item) + ".jpg";
}

/// What lies in the folder is replaced by the same data set if it may be, and not mixed with
/// another.
void prepare_folder(const SyntheticData& data, const std::string& folder, Existing existing) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::filesystem::directory_iterator entries;
  if (!error) {
    entries = std::filesystem::directory_iterator(folder, error);
  }
  if (error) {
    throw Error(ErrorKind::cannot_create, {.file = folder,
                                           .found = "cannot be made: " + error.message(),
                                           .hint = "a folder you may write to"});
  }
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    const bool ours = is_ours(data, name);
    if (!ours || existing == Existing::refuse) {
      throw Error(
          ErrorKind::cannot_create,
          {.file = folder,
           .found = "holds " + shorten(name) + " already",
           .expected = ours ? "no files" : "no files but this data set's posters",
           .hint = ours ? "--force to replace them, or an empty folder" : "an empty folder"});
    }
  }
}

}  // namespace

void write_posters(const SyntheticData& data, const std::string& folder, Existing existing,
                   int threads, const PosterProgress& progress) {
  const PosterPainter& painter = poster_painter();
  prepare_folder(data, folder, existing);
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item < data.tags().items(); ++item) {
    if (has_drawn_poster(data, item)) {
      items.push_back(item);
    }
  }
  constexpr std::size_t kSlice = 256;
  constexpr std::size_t kGrain = 8;
  for (std::size_t first = 0; first < items.size(); first += kSlice) {
    const std::size_t count = std::min(kSlice, items.size() - first);
    parallel_ranges(count, kGrain, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) {
        const std::uint32_t item = items[first + k];
        const std::string name = std::to_string(item) + ".jpg";
        AtomicFile file((std::filesystem::path(folder) / name).string(),
                        {.durability = Durability::unhurried});
        file.write(painter.draw_poster(data.poster(item)));
        file.commit();
      }
    });
    progress(first + count, items.size());
  }
}

}  // namespace balse
