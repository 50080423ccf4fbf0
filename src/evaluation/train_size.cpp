// Which training ratings are trained on.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "balse/evaluation/learning_curve.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/random.hpp"

namespace balse {
namespace {

// Of the seed; folds have streams of this stream.
constexpr std::uint64_t kTrainSizeStream = 0x7472'6169'6e00'0000ULL;

class SizedSplits final : public Splits {
 public:
  SizedSplits(std::shared_ptr<const Splits> splits, TrainSize size, std::uint64_t seed)
      : splits_(std::move(splits)),
        size_(std::move(size)),
        seed_(derive_seed(seed, kTrainSizeStream)) {}

  std::size_t folds() const override { return splits_->folds(); }
  std::string fingerprint() const override { return splits_->fingerprint(); }

  std::string describe() const override {
    return splits_->describe() + ", " +
           (size_.share > 0.0
                ? size_.text + " of the train and validation ratings"
                : size_.text + " train ratings a fold, validation ratings in proportion");
  }

  std::vector<Part> parts(std::size_t fold) const override {
    std::vector<Part> parts = splits_->parts(fold);
    Random random(derive_seed(seed_, fold));
    const std::size_t train = rows_of(parts, Part::train).size();
    const std::size_t taken = std::min(size_.of(train), train);
    keep(Part::train, taken, random, parts);
    // What blends learn from is as scarce: else small sizes would be a curve of validation ratings.
    const std::size_t others = rows_of(parts, Part::validation).size();
    const double share = static_cast<double>(taken) / static_cast<double>(train);
    keep(Part::validation,
         static_cast<std::size_t>(std::llround(share * static_cast<double>(others))), random,
         parts);
    return parts;
  }

 private:
  /// Every rating of the part draws a number once, whatever the size: the lowest are taken first.
  static void keep(Part part, std::size_t count, Random& random, std::vector<Part>& parts) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> drawn;
    for (const std::uint32_t row : rows_of(parts, part)) {
      drawn.emplace_back(random.bits(), row);
    }
    const auto last = drawn.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(drawn.begin(), last, drawn.end());
    std::for_each(last, drawn.end(),
                  [&](const auto& entry) { parts[entry.second] = Part::unused; });
  }

  std::shared_ptr<const Splits> splits_;
  TrainSize size_;
  std::uint64_t seed_;
};

}  // namespace

TrainSize TrainSize::parse(std::string_view text) {
  TrainSize size{.text = std::string(text)};
  const bool is_percent = text.ends_with('%');
  const char* const end = text.data() + text.size() - (is_percent ? 1 : 0);
  bool is_size = false;
  if (is_percent) {
    double percent = 0.0;
    const auto [stop, error] = std::from_chars(text.data(), end, percent, std::chars_format::fixed);
    is_size = error == std::errc() && stop == end && percent > 0.0 && percent <= 100.0;
    size.share = percent / 100.0;
  } else {
    const auto [stop, error] = std::from_chars(text.data(), end, size.count);
    is_size = error == std::errc() && stop == end && size.count > 0;
  }
  if (!is_size) {
    throw Error(ErrorKind::usage,
                {.found = "--train-size has " + shorten(text),
                 .expected = "percents above 0% up to 100%, or numbers of ratings: 10%,50%,100%"});
  }
  return size;
}

std::size_t TrainSize::of(std::size_t train_rows) const {
  return share > 0.0
             ? static_cast<std::size_t>(std::llround(share * static_cast<double>(train_rows)))
             : count;
}

void check_train_sizes(const Splits& splits, const std::vector<TrainSize>& sizes) {
  for (std::size_t fold = 0; !sizes.empty() && fold < splits.folds(); ++fold) {
    const std::size_t rows = rows_of(splits.parts(fold), Part::train).size();
    for (const TrainSize& size : sizes) {
      const std::size_t taken = size.of(rows);
      if (taken == 0 || taken > rows) {
        throw Error(ErrorKind::bad_data,
                    {.found = "--train-size " + size.text + " is " + counted(taken, "rating") +
                              ", and fold " + std::to_string(fold) + " has " +
                              std::to_string(rows) + " to train on",
                     .expected = "1 to " + std::to_string(rows) + ", or percents of them"});
      }
    }
  }
}

std::unique_ptr<Splits> with_train_size(std::shared_ptr<const Splits> splits, TrainSize size,
                                        std::uint64_t seed) {
  return std::make_unique<SizedSplits>(std::move(splits), std::move(size), seed);
}

Series learning_curve() {
  return {.column = "train_size",
          .heading = "train size",
          .list = "learning_curve",
          .words = {},
          .note = {},
          .points = {}};
}

std::string learning_curve_note(const std::vector<SeriesPoint>& points) {
  std::string text = "Train ratings of a fold:";
  for (const SeriesPoint& point : points) {
    std::array<char, 64> rows{};
    std::snprintf(rows.data(), rows.size(), "%.10g", mean_train_rows(point.evaluation.result));
    text.append(&point == points.data() ? " " : ", ").append(rows.data()).append(" at ");
    text += point.value;
  }
  return text +
         (points.front().evaluation.result.folds.size() > 1 ? " (means over the folds)" : "") +
         "; validation ratings in proportion.";
}

}  // namespace balse
