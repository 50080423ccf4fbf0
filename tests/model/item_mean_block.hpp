#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"

#include "model/blocks/means_based_block.hpp"

namespace balse {

struct ItemMeanOptions {
  static constexpr OptionGroup kGroup = {"item-mean", "Item mean"};

  double lambda = 5.0;

  void visit(FieldVisitor& visitor) {
    visitor.enter(kGroup);
    visitor.number({"lambda", "Average ratings that every item is taken to have besides"},
                   {0.0, 1e12}, lambda);
  }
};

/// r ~ (sum of the item's ratings + lambda * global mean) / (their number + lambda).
struct ItemMeanBlock {
  using Options = ItemMeanOptions;
  using Summary = NoSummary;
  static constexpr std::string_view kName = "item-mean";
  static constexpr std::string_view kTitle = "item mean";
  static constexpr bool kNeedsTags = false;
  static constexpr ArraySpec kMean = {.name = "item-mean.mean", .axes = {Axis::item}};
  static constexpr std::array kArrays = {kMean};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& /*start*/,
                        Summary& /*summary*/) {
    std::vector<double> mean(set.ratings.items());
    for (std::size_t item = 0; item < mean.size(); ++item) {
      double sum = options.lambda * set.means.global;
      for (const float value : set.ratings.by_item.values_of(item)) {
        sum += value;
      }
      const auto count = static_cast<double>(set.ratings.by_item.count(item));
      mean[item] = count == 0.0 ? set.means.global : sum / (count + options.lambda);
    }
    Parameters parameters;
    parameters.add(kMean, std::move(mean));
    return parameters;
  }

  class Predictor final : public MeansBasedBlock {
   public:
    Predictor(Parameters parameters, const ModelData& data)
        : MeansBasedBlock(data),
          parameters_(std::move(parameters)),
          mean_(parameters_.vector(kMean)) {}
    double predict(std::uint32_t /*user*/, std::uint32_t item) const override {
      return item < mean_.size() ? mean_[item] : means().global;
    }
    Fallback fallback(std::uint32_t /*user*/, std::uint32_t item) const override {
      return means().unseen_item(item) ? Fallback::unseen_item : Fallback::none;
    }

   private:
    Parameters parameters_;
    std::span<const double> mean_;
  };

  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data) {
    return std::make_unique<Predictor>(parameters, data);
  }
};

}  // namespace balse
