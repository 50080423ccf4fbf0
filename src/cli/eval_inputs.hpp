#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/input_record.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags.hpp"

#include "eval_options.hpp"

namespace balse::cli {

/// What balse eval was given to read.
struct EvalInputs {
  Ratings ratings;
  std::optional<TagMatrix> tags;  ///< a row per rated item, without --without-tags
  std::vector<std::string> tag_names;
  std::optional<TagMatrix> user_features;  ///< a row per user
  std::size_t items_with_tags = 0;
  std::size_t users_with_features = 0;
  std::optional<FeatureMatrix> item_features;  ///< a row per rated item: components
  std::size_t features = 0;                    ///< that these are components of
  std::size_t items_with_features = 0;
  ReadRatingsSummary read;
  std::vector<InputRecord> records;  ///< for the manifest

  SideInformation side() const {
    return {tags ? &*tags : nullptr, user_features ? &*user_features : nullptr,
            item_features ? &*item_features : nullptr};
  }
};

/// Says on stderr what is strange about it.
EvalInputs read_eval_inputs(const EvalOptions& options);

}  // namespace balse::cli
