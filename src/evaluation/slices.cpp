#include "balse/evaluation/slices.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace balse {
namespace {

constexpr std::size_t kMostValues = 12;
constexpr std::size_t kBins = 10;
constexpr std::array<std::uint32_t, 7> kLastCounts = {0, 1, 2, 5, 10, 30, 100};  // of each bin

std::vector<std::string> count_labels() {
  std::vector<std::string> labels;
  std::uint32_t first = 0;
  for (const std::uint32_t last : kLastCounts) {
    labels.push_back(first == last ? std::to_string(last)
                                   : std::to_string(first) + "-" + std::to_string(last));
    first = last + 1;
  }
  labels.push_back(">" + std::to_string(kLastCounts.back()));
  return labels;
}

std::size_t count_bin(std::uint32_t count) {
  return static_cast<std::size_t>(std::lower_bound(kLastCounts.begin(), kLastCounts.end(), count) -
                                  kLastCounts.begin());
}

std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::vector<float> different_values(const Ratings& ratings) {
  std::vector<float> values;
  for (const float value : ratings.value) {
    const auto place = std::lower_bound(values.begin(), values.end(), value);
    if (place == values.end() || *place != value) {
      values.insert(place, value);
      if (values.size() > kMostValues) {
        return {};
      }
    }
  }
  return values;
}

}  // namespace

Slices::Slices(const Ratings& ratings, bool with_tags)
    : with_tags_(with_tags), values_(different_values(ratings)) {
  add("item-count", count_labels());
  add("user-count", count_labels());
  std::vector<std::string> labels;
  for (const float value : values_) {
    labels.push_back(short_text(value));
  }
  if (values_.empty()) {
    binned_ = true;
    const auto [least, most] = std::minmax_element(ratings.value.begin(), ratings.value.end());
    for (std::size_t k = 0; k <= kBins; ++k) {
      values_.push_back(*least + (*most - *least) * static_cast<float>(k) / kBins);
    }
    for (std::size_t k = 0; k < kBins; ++k) {
      labels.push_back(short_text(values_[k]) + " to " + short_text(values_[k + 1]));
    }
  }
  add("rating", labels);
  std::vector<std::string> deciles;
  for (std::size_t k = 1; k <= kBins; ++k) {
    deciles.push_back(std::to_string(k));
  }
  add("popularity", deciles);
  if (with_tags) {
    add("tags", {"with tags", "without tags"});
  }
}

void Slices::add(const std::string& by, const std::vector<std::string>& labels) {
  first_.push_back(names_.size());
  for (const std::string& label : labels) {
    names_.push_back({by, label});
  }
}

void Slices::set_item_counts(std::span<const std::uint32_t> counts) {
  std::vector<std::uint32_t> ascending(counts.begin(), counts.end());
  std::sort(ascending.begin(), ascending.end());
  decile_.resize(counts.size());
  for (std::size_t item = 0; item < counts.size(); ++item) {
    const auto fewer = static_cast<std::size_t>(
        std::lower_bound(ascending.begin(), ascending.end(), counts[item]) - ascending.begin());
    decile_[item] = static_cast<std::uint8_t>(kBins * fewer / counts.size());
  }
}

std::size_t Slices::rating_bin(float rating) const {
  if (!binned_) {
    return static_cast<std::size_t>(std::lower_bound(values_.begin(), values_.end(), rating) -
                                    values_.begin());
  }
  const auto above = std::upper_bound(values_.begin() + 1, values_.end() - 1, rating);
  return static_cast<std::size_t>(above - values_.begin()) - 1;
}

std::span<const std::size_t> Slices::of(const TestPrediction& test) {
  found_.assign({first_[0] + count_bin(test.item_count), first_[1] + count_bin(test.user_count),
                 first_[2] + rating_bin(test.rating), first_[3] + decile_[test.item]});
  if (with_tags_) {
    found_.push_back(first_[4] + (test.has_tags ? 0 : 1));
  }
  return found_;
}

}  // namespace balse
