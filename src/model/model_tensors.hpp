#pragma once

#include <array>
#include <string_view>

namespace balse {

// Names in a model file that writer and reader must agree on; model_file.hpp says what they hold.
namespace tensor {
inline constexpr const char* kUserIds = "users.id";
inline constexpr const char* kItemIds = "items.id";
inline constexpr const char* kTagNames = "tags.name";
inline constexpr const char* kUserFeatureNames = "users.feature";
inline constexpr const char* kItemFeatures = "items.feature";
inline constexpr const char* kTitles = "items.title";
inline constexpr const char* kCategories = "items.category";
inline constexpr const char* kTagsStart = "tags.start";
inline constexpr const char* kTagsTag = "tags.tag";
inline constexpr const char* kTagsWeight = "tags.weight";
inline constexpr const char* kUserMean = "users.mean";
inline constexpr const char* kUserCount = "users.count";
inline constexpr const char* kItemMean = "items.mean";
inline constexpr const char* kItemCount = "items.count";
inline constexpr const char* kGlobal = "ratings.global";
inline constexpr const char* kClip = "clip";
inline constexpr const char* kRatedStart = "rated.start";
inline constexpr const char* kRatedItem = "rated.item";
inline constexpr const char* kRatedValue = "rated.value";
inline constexpr const char* kRatedValueIndex = "rated.value_index";
}  // namespace tensor

namespace key {
inline constexpr const char* kFormat = "format";
inline constexpr const char* kFormatVersion = "format_version";
inline constexpr const char* kClip = "clip";
inline constexpr const char* kUnseenUsers = "unseen_users";
inline constexpr const char* kBlocks = "blocks";  // the names of those that the file holds
inline constexpr const char* kBlends = "blends";
}  // namespace key

}  // namespace balse
