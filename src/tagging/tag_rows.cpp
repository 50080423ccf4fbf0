#include "balse/tagging/tag_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <numeric>

#include "balse/data/row_text.hpp"
#include "balse/data/tags_npz_writer.hpp"
#include "balse/support/printable.hpp"

namespace balse {
namespace {

/// Midway of the largest gap between the sorted probabilities of a category; 0 where it has fewer
/// than two.
float maximum_cut(std::span<const float> probabilities, const TagList& tags, TagCategory category) {
  std::vector<float> sorted;
  for (std::size_t tag = 0; tag < probabilities.size(); ++tag) {
    if (tags.categories[tag] == category) {
      sorted.push_back(probabilities[tag]);
    }
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  float cut = 0.0F;
  float gap = -1.0F;
  for (std::size_t k = 0; k + 1 < sorted.size(); ++k) {
    if (sorted[k] - sorted[k + 1] > gap) {
      gap = sorted[k] - sorted[k + 1];
      cut = (sorted[k] + sorted[k + 1]) / 2.0F;
    }
  }
  return cut;
}

}  // namespace

std::vector<TagWeight> select_tags(std::span<const float> probabilities, const TagList& tags,
                                   const TagSelection& selection) {
  std::array<float, kTagCategories.size()> least = {};
  for (const TagCategory category : selection.categories) {
    const TagThreshold& threshold = selection.thresholds[category];
    // As floats, which weights are.
    const auto fixed = static_cast<float>(threshold.least);
    least[static_cast<std::size_t>(category)] =
        threshold.mcut ? std::max(fixed, maximum_cut(probabilities, tags, category)) : fixed;
  }
  std::vector<TagWeight> selected;
  for (std::size_t tag = 0; tag < probabilities.size(); ++tag) {
    if (selection.takes(tags, tag) &&
        probabilities[tag] >= least[static_cast<std::size_t>(tags.categories[tag])]) {
      selected.push_back({static_cast<std::uint32_t>(tag), probabilities[tag]});
    }
  }
  return selected;
}

void append_triplet(std::string& out, std::string_view item, std::string_view tag, float weight,
                    bool csv_safe) {
  const FieldStyle style = {',', csv_safe};
  append_field(out, item, style);
  out += ',';
  append_field(out, tag, style);
  out += ',';
  append_prediction(out, weight);
  out += '\n';
}

void append_json_line(std::string& out, std::string_view item, std::span<const TagWeight> weights,
                      const TagList& tags) {
  out += "{\"item\":";
  append_json_string(out, item);
  for (const TagCategory category : kTagCategories) {
    bool any = false;
    for (const auto& [tag, weight] : weights) {
      if (tags.categories[tag] != category) {
        continue;
      }
      if (!any) {
        out += ",\"";
        out += name_of(category);
        out += "\":{";
      } else {
        out += ',';
      }
      any = true;
      append_json_string(out, tags.names[tag]);
      out += ':';
      append_prediction(out, weight);
    }
    out += any ? "}" : "";
  }
  out += "}\n";
}

void append_top_tags(std::string& out, std::string_view item, std::span<const float> probabilities,
                     const TagList& tags, const TagSelection& selection, std::size_t count) {
  out += escape(item);
  out += '\n';
  for (const TagCategory category : kTagCategories) {
    std::vector<std::size_t> order;
    for (std::size_t tag = 0; tag < probabilities.size(); ++tag) {
      if (tags.categories[tag] == category && selection.takes(tags, tag)) {
        order.push_back(tag);
      }
    }
    if (order.empty()) {
      continue;
    }
    const auto top = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
    std::partial_sort(order.begin(), top, order.end(), [&](std::size_t a, std::size_t b) {
      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
    });
    char text[32];
    std::snprintf(text, sizeof text, "  %-9s ", std::string(name_of(category)).c_str());
    out += text;
    for (auto tag = order.begin(); tag != top; ++tag) {
      std::snprintf(text, sizeof text, " %.3f", static_cast<double>(probabilities[*tag]));
      out += (tag == order.begin() ? " " : ", ") + escape(tags.names[*tag]) + text;
    }
    out += '\n';
  }
}

TagMatrixNpz::TagMatrixNpz(const TagList& tags, const TagSelection& selection)
    : column_of_(tags.size(), -1) {
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    if (selection.takes(tags, tag)) {
      column_of_[tag] = static_cast<std::int32_t>(names_.size());
      names_.push_back(tags.names[tag]);
    }
  }
}

void TagMatrixNpz::add(std::string_view item, std::span<const TagWeight> weights) {
  items_.emplace_back(item);
  for (const auto& [tag, weight] : weights) {
    if (column_of_[tag] >= 0) {
      matrix_.tag.push_back(static_cast<std::uint32_t>(column_of_[tag]));
      matrix_.weight.push_back(weight);
    }
  }
  matrix_.start.push_back(matrix_.tag.size());
}

std::string TagMatrixNpz::bytes() const {
  return tags_as_npz(matrix_, items_, names_);
}

}  // namespace balse
