#include "features_input.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"

namespace balse::cli {

std::optional<ItemComponents> read_item_components(const std::string& path, const IdIndex& rated,
                                                   std::vector<InputRecord>& records) {
  if (path.empty()) {
    return std::nullopt;
  }
  std::string fingerprint;
  ItemFeatures features = read_item_features(path, fingerprint);
  records.push_back({"features", path, fingerprint});
  ItemComponents components(std::move(features), rated);
  if (components.items() == 0) {
    spdlog::warn("{}: none of its items is rated, so it says nothing; are the item ids the same?",
                 path);
    return std::nullopt;
  }
  if (components.count() == 0) {
    spdlog::warn("{}: says the same of all rated items, so it says nothing", path);
    return std::nullopt;
  }
  spdlog::info("{}: {} of each of {} of {}", path, counted(components.features(), "number"),
               components.items(), counted(rated.size(), "rated item"));
  return components;
}

std::size_t feature_components_of(const BlockOptions& options) {
  return static_cast<std::size_t>(
      std::max({options.vb.feature_components, options.vb_new.feature_components,
                options.mixed.feature_components, options.mixed_bias.feature_components,
                options.mixed_similar.feature_components}));
}

}  // namespace balse::cli
