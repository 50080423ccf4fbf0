#include <algorithm>
#include <utility>

#include "balse/evaluation/splits.hpp"
#include "balse/model/hold_out.hpp"
#include "balse/support/random.hpp"

#include "evaluation/part_shares.hpp"

namespace balse {
namespace {

class TestFileSplits final : public Splits {
 public:
  TestFileSplits(std::string name, std::size_t test_begin, std::size_t ratings, std::uint64_t seed)
      : name_(std::move(name)), test_begin_(test_begin), ratings_(ratings), seed_(seed) {}

  std::size_t folds() const override { return 1; }

  std::string describe() const override {
    const double test = static_cast<double>(ratings_ - test_begin_) / static_cast<double>(ratings_);
    return "test ratings of " + name_ + ", " + part_shares((1.0 - test) * kValidationShare, test) +
           ", seed " + std::to_string(seed_);
  }

  std::vector<Part> parts(std::size_t /*fold*/) const override {
    std::vector<Part> result(ratings_, Part::test);
    std::fill_n(result.begin(), test_begin_, Part::train);
    hold_out_validation(kValidationShare, derive_seed(seed_, 1), result);
    return result;
  }

 private:
  std::string name_;
  std::size_t test_begin_;
  std::size_t ratings_;
  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<Splits> make_test_file_splits(const std::string& name, std::size_t test_begin,
                                              const Ratings& ratings, std::uint64_t seed) {
  return std::make_unique<TestFileSplits>(name, test_begin, ratings.size(), seed);
}

}  // namespace balse
