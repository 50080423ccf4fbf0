#include <algorithm>
#include <cmath>
#include <cstdint>

#include "balse/data/item_features.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/error.hpp"

#include "data/npz_archive.hpp"
#include "data/npz_numbers.hpp"

namespace balse {
namespace {

constexpr NpzArchive::Form kFeaturesForm = {
    .expected = "an archive with the arrays items and embedding",
    .hint = "numpy.savez(file, items=ids, embedding=matrix)"};
constexpr std::uint64_t kMostFeatures = 65'536;
constexpr std::uint64_t kMostFeaturedItems = 10'000'000;

// A megabyte of zeros is a kilobyte in an archive. What takes more memory is believed of large
// files alone: of an embedding few numbers are zero, and the others hardly pack.
constexpr std::uint64_t kNumbersOfAnyFile = 50'000'000;
constexpr std::uint64_t kNumbersPerByte = 8;

}  // namespace

ItemFeatures read_item_features(const std::string& path, std::string& fingerprint) {
  if (path == "-") {
    throw Error(ErrorKind::usage,
                {.file = path,
                 .found = "cannot hold an npz archive, which is read out of order",
                 .hint = "the path of a file"});
  }
  fingerprint = file_fingerprint(path);  // says as well why a path cannot be opened
  const NpzArchive archive(path, kFeaturesForm);
  NpzNumbers<float> embedding(archive, "embedding.npy", 2);
  const std::uint64_t items = embedding.size();
  const std::uint64_t columns = embedding.columns();
  if (items == 0 || columns == 0 || items > kMostFeaturedItems || columns > kMostFeatures) {
    archive.fail(
        "embedding.npy is of shape " + std::to_string(items) + " x " + std::to_string(columns),
        "at least 1 x 1, at most " + std::to_string(kMostFeaturedItems) + " items and " +
            std::to_string(kMostFeatures) + " numbers of each");
  }
  const std::uint64_t believed = std::max(kNumbersOfAnyFile, kNumbersPerByte * archive.bytes());
  if (items * columns > believed) {
    archive.fail("unpacks to " + std::to_string(items * columns) + " numbers from " +
                     std::to_string(archive.bytes()) + " bytes",
                 "at most " + std::to_string(believed));
  }
  ItemFeatures features;
  features.items = ids_of(archive, "items.npy", "item", items);
  features.columns = columns;
  features.values.resize(items * columns);
  for (std::size_t k = 0; k < features.values.size(); ++k) {
    features.values[k] = embedding.next();
    if (!std::isfinite(features.values[k])) {
      archive.fail("embedding.npy holds " + std::to_string(features.values[k]) + " in row " +
                       std::to_string(k / columns) + ", column " + std::to_string(k % columns),
                   "finite numbers");
    }
  }
  return features;
}

}  // namespace balse
