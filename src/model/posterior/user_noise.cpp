#include "model/posterior/user_noise.hpp"

namespace balse {

void UserNoise::learn_weights(std::span<const double> errors) {
  constexpr double kAverageRatings = 5.0;
  for (std::size_t user = 0; user < weight_.size(); ++user) {
    const auto count = static_cast<double>(by_user_.count(user));
    if (count > 0.0) {
      weight_[user] = (kAverageRatings + count) / (kAverageRatings + alpha_ * errors[user]);
    }
  }
}

void UserNoise::learn(std::span<const double> errors) {
  learn_weights(errors);
  double ratings = 0.0;
  double sum = 0.0;
  for (std::size_t user = 0; user < weight_.size(); ++user) {
    const auto count = static_cast<double>(by_user_.count(user));
    if (count > 0.0) {
      sum += weight_[user] * errors[user];
      ratings += count;
    }
  }
  if (sum > 0.0) {
    alpha_ = ratings / sum;
  }
}

}  // namespace balse
