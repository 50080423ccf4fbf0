#include "model/blocks/bias/bias_block.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/blocks/means_based_block.hpp"

namespace balse {
namespace {

class Bias final : public MeansBasedBlock {
 public:
  Bias(Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        parameters_(std::move(parameters)),
        user_(parameters_.vector(BiasBlock::kUserOffset)),
        item_(parameters_.vector(BiasBlock::kItemOffset)) {}

  double predict(std::uint32_t user, std::uint32_t item) const override {
    return means().global + of_user(user) + of_item(item);
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    Reasons reasons{.constant = means().global, .known = true};
    const auto add = [&](Term::Of of, std::uint32_t index, double offset) {
      if (offset != 0.0) {
        reasons.terms.push_back({.of = of, .index = index, .coefficient = offset, .value = offset});
      }
    };
    add(Term::Of::user, user, of_user(user));
    add(Term::Of::item, item, of_item(item));
    return reasons;
  }

 private:
  double of_user(std::uint32_t user) const { return user < user_.size() ? user_[user] : 0.0; }
  double of_item(std::uint32_t item) const { return item < item_.size() ? item_[item] : 0.0; }

  Parameters parameters_;
  std::span<const double> user_;
  std::span<const double> item_;
};

double largest(std::span<const double> offsets) {
  double result = 0.0;
  for (const double offset : offsets) {
    result = std::max(result, std::abs(offset));
  }
  return result;
}

}  // namespace

Parameters BiasBlock::fit(const TrainingSet& set, const Options& options,
                          const Parameters& /*start*/, Summary& /*summary*/) {
  BiasModel model = fit_bias(set.ratings, set.means, options, set.threads);
  Parameters parameters;
  parameters.add(kUserOffset, std::move(model.user_bias));
  parameters.add(kItemOffset, std::move(model.item_bias));
  return parameters;
}

Parameters BiasBlock::fold_in(const Parameters& parameters, const FoldInSet& set,
                              const Options& options) {
  Parameters rows;
  rows.add(kUserOffset, solve_user_biases(set.by_user, set.means.global,
                                          parameters.vector(kItemOffset), options, set.threads));
  return rows;
}

std::unique_ptr<Block> BiasBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<Bias>(parameters, data);
}

std::vector<Figure> BiasBlock::describe(const Parameters& parameters) {
  return {{.name = "largest_user_offset", .value = largest(parameters.vector(kUserOffset))},
          {.name = "largest_item_offset", .value = largest(parameters.vector(kItemOffset))}};
}

}  // namespace balse
