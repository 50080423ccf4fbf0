#include "model/blocks/means/means_blocks.hpp"

#include "model/blocks/means_based_block.hpp"

namespace balse {
namespace {

class GlobalMean final : public MeansBasedBlock {
 public:
  using MeansBasedBlock::MeansBasedBlock;
  double predict(std::uint32_t /*user*/, std::uint32_t /*item*/) const override {
    return means().global;
  }
  Fallback fallback(std::uint32_t /*user*/, std::uint32_t /*item*/) const override {
    return Fallback::none;
  }
};

class UserMean final : public MeansBasedBlock {
 public:
  using MeansBasedBlock::MeansBasedBlock;
  double predict(std::uint32_t user, std::uint32_t /*item*/) const override {
    return means().mean_of_user(user);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t /*item*/) const override {
    return unseen_user(user) ? Fallback::unseen_user : Fallback::none;
  }
};

}  // namespace

std::unique_ptr<Block> GlobalMeanBlock::open(const Parameters& /*parameters*/,
                                             const ModelData& data) {
  return std::make_unique<GlobalMean>(data);
}

std::unique_ptr<Block> UserMeanBlock::open(const Parameters& /*parameters*/,
                                           const ModelData& data) {
  return std::make_unique<UserMean>(data);
}

}  // namespace balse
