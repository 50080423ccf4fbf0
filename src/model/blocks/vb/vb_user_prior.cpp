#include "model/blocks/vb/vb_user_prior.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace balse {
namespace {

/// to += weight * from
void add_row(double weight, std::span<const double> from, std::span<double> to) {
  for (std::size_t k = 0; k < to.size(); ++k) {
    to[k] += weight * from[k];
  }
}

/// c_j, items x n.
std::vector<double> company_of_items(const VbFeatures& features,
                                     std::span<const FeatureColumns::Spread> spreads,
                                     const MatrixView& prior) {
  const ImplicitSvd& svd = *features.implicit();
  const std::size_t n = prior.columns;
  const auto& counts = features.set().means.item_count;
  std::vector<double> company(counts.size() * n);
  for (std::size_t item = 0; item < counts.size(); ++item) {
    const double root = implicit_item_root(counts[item]);
    for (std::size_t k = 0; k < features.implicit_of_users(); ++k) {
      add_row(svd.items[item * svd.count + k] * root / spreads[2 + k].deviation, prior.row(2 + k),
              std::span(company).subspan(item * n, n));
    }
  }
  return company;
}

/// Divides every column by its largest number; returns these.
std::vector<double> scale_columns(std::vector<double>& values, std::size_t columns) {
  std::vector<double> scale(columns);
  for (std::size_t k = 0; k < values.size(); ++k) {
    scale[k % columns] = std::max(scale[k % columns], std::abs(values[k]));
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] /= scale[k % columns] > 0.0 ? scale[k % columns] : 1.0;
  }
  return scale;
}

}  // namespace

void add_user_prior(const VbArrays& arrays, const VbFeatures& features,
                    std::span<const FeatureColumns::Spread> spreads, const MatrixView& prior,
                    Parameters& parameters) {
  const std::size_t n = prior.columns;
  std::vector<double> rows(4 * n);
  const auto row = [&](VbUserPriorRow which) { return std::span(rows).subspan(which * n, n); };
  add_row(1.0 / spreads[1].deviation, prior.row(1), row(of_count));
  add_row(-spreads[1].mean, row(of_count), row(besides_count));
  const std::size_t first_tag = 2 + features.implicit_of_users();
  std::vector<double> of_tags;
  if (features.tags() != nullptr) {
    const TagComponents& tags = *features.tags();
    const std::vector<double> usual = features.usual_tags();
    of_tags.resize(tags.tags * n);
    for (std::size_t c = 0; c < tags.count; ++c) {
      const auto pull = prior.row(first_tag + c);
      const double deviation = spreads[first_tag + c].deviation;
      add_row(usual[c] / deviation, pull, row(usual_tags));
      for (std::size_t tag = 0; tag < tags.tags; ++tag) {
        add_row(tags.basis[tag * tags.count + c] / deviation, pull,
                std::span(of_tags).subspan(tag * n, n));
      }
    }
  }
  if (features.implicit() != nullptr) {
    std::vector<double> company = company_of_items(features, spreads, prior);
    add_row(1.0, scale_columns(company, n), row(company_scale));
    parameters.add_rough(arrays.company(), rough_bytes(company), n);
  }
  parameters.add(arrays.user_prior(), std::move(rows), n);
  parameters.add(arrays.user_tags(), std::move(of_tags), n);
}

VbUserPrior::VbUserPrior(const VbArrays& arrays, const Parameters& parameters,
                         const ModelData& data)
    : tags_(data.tags),
      without_ratings_(parameters.matrix(arrays.priors()).row(user_mean)),
      rows_(parameters.matrix(arrays.user_prior())),
      of_tags_(parameters.matrix(arrays.user_tags())),
      company_(parameters.rough(arrays.company())) {}

std::vector<double> VbUserPrior::mean(std::span<const std::uint32_t> items) const {
  const std::size_t n = rows_.columns;
  const auto count = static_cast<double>(items.size());
  std::vector<double> result(without_ratings_.begin(), without_ratings_.end());
  add_row(std::log1p(count), rows_.row(of_count), result);
  add_row(1.0, rows_.row(besides_count), result);
  add_row(-count / (count + kAverageItems), rows_.row(usual_tags), result);
  std::vector<double> company(n);
  for (const std::uint32_t item : items) {
    if (tags_ && of_tags_.rows > 0) {
      const auto of_item = tags_->tags_of(item);
      const auto weights = tags_->weights_of(item);
      for (std::size_t k = 0; k < of_item.size(); ++k) {
        add_row(double{weights[k]} / (count + kAverageItems), of_tags_.row(of_item[k]), result);
      }
    }
    for (std::size_t k = 0; item < company_.rows && k < n; ++k) {
      company[k] += company_.at(item, k);
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    result[k] += company[k] * rows_.row(company_scale)[k] / std::sqrt(std::max(1.0, count));
  }
  return result;
}

}  // namespace balse
