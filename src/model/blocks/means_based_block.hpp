#pragma once

#include <cstdint>

#include "balse/model/block.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// What most blocks share: the training set's counts decide what is unseen, its means what stands
/// in.
class MeansBasedBlock : public Block {
 public:
  explicit MeansBasedBlock(const ModelData& data)
      : means_(data.means), unseen_users_(data.unseen_users) {}

 protected:
  const RatingMeansView& means() const { return means_; }
  bool unseen_user(std::uint32_t user) const { return means_.unseen_user(user); }
  UnseenUsers unseen_users() const { return unseen_users_; }

  /// Of a block that knows users and items by their ratings alone.
  Fallback unseen(std::uint32_t user, std::uint32_t item) const {
    if (unseen_user(user)) {
      return means_.unseen_item(item) ? Fallback::unseen_both : Fallback::unseen_user;
    }
    return means_.unseen_item(item) ? Fallback::unseen_item : Fallback::none;
  }

 private:
  RatingMeansView means_;
  UnseenUsers unseen_users_;
};

}  // namespace balse
