#include "item_input.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <span>
#include <system_error>

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_posters.hpp"
#include "balse/tagging/tag_rows.hpp"

#include "run_tagger.hpp"
#include "usage_error.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kTagsSaid = 8;

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// Rows of a tag matrix, as those that balse tag writes by itself.
class TagMatrixSink final : public PosterSink {
 public:
  TagMatrixSink(const Tagger& tagger, Tags& tags)
      : list_(tagger.tags), selection_({.thresholds = tagger.description.thresholds}), tags_(tags) {
    for (const std::string& name : list_.names) {
      tags.names.insert(name);
    }
    tags.matrix.tag_count = list_.size();
  }

  void tagged(const Poster& poster, std::span<const float> probabilities) override {
    tags_.items.insert(poster.item);
    for (const auto& [tag, weight] : select_tags(probabilities, list_, selection_)) {
      tags_.matrix.tag.push_back(tag);
      tags_.matrix.weight.push_back(weight);
    }
    tags_.matrix.start.push_back(tags_.matrix.tag.size());
  }

  void failed(const Poster& poster, const std::string& reason) override {
    throw Error(ErrorKind::bad_data, {.file = poster.path, .found = reason});
  }

 private:
  const TagList& list_;
  TagSelection selection_;
  Tags& tags_;
};

/// "starry sky 0.91, magic staff 0.80", the surest first.
std::string tags_text(const TrainedModel& model, std::uint32_t item) {
  const auto tags = model.data.tags->tags_of(item);
  const auto weights = model.data.tags->weights_of(item);
  std::vector<std::size_t> order(tags.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  std::string text;
  for (std::size_t k = 0; k < std::min(kTagsSaid, order.size()); ++k) {
    text += (k == 0 ? "" : ", ") + escape(model.tags[tags[order[k]]]) +
            fmt::format(" {:.2f}", weights[order[k]]);
  }
  return order.size() > kTagsSaid ? text + " and " + counted(order.size() - kTagsSaid, "more tag")
                                  : text;
}

}  // namespace

void ItemInput::declare(CLI::App& app) {
  const std::string group = "Who will like it";
  app.add_option("--item", items_,
                 "The other way round: the users who will like this item best and have not rated "
                 "it, each with explain's sentence. An item of the model or of --tags, or with "
                 "--weights the poster of a work that neither knows")
      ->type_name("ID")
      ->group(group);
  tagger_.declare_weights(app, group);
}

void ItemInput::tag_posters() {
  PosterCollector collector;
  std::vector<std::size_t> places;
  for (std::size_t k = 0; tagger_.has_weights() && k < items_.size(); ++k) {
    if (is_file(items_[k])) {
      collector.add(items_[k]);
      places.push_back(k);
    }
  }
  PosterList list = collector.take();
  if (!list.failures.empty()) {
    throw Error(ErrorKind::bad_data,
                {.file = list.failures.front().path, .found = list.failures.front().reason});
  }
  if (list.posters.size() != places.size()) {
    throw Error(ErrorKind::usage, {.found = "two posters of one item", .expected = "one for each"});
  }
  if (list.posters.empty()) {
    return;
  }
  imaging(kMaxPixels);
  const Tagger tagger = tagger_.open(1);
  TagMatrixSink sink(tagger, tags_);
  run_tagger(tagger, list.posters, 1, sink);
  for (std::size_t k = 0; k < places.size(); ++k) {
    posters_.push_back(items_[places[k]]);
    items_[places[k]] = list.posters[k].item;
  }
}

void ItemInput::add_poster_tags(ModelInput& input) const {
  if (posters_.empty()) {
    return;
  }
  input.add_tags(tags_, "a poster");
  const TrainedModel& model = input.file().model();
  for (std::uint32_t k = 0; k < posters_.size(); ++k) {
    const std::uint32_t item = *model.items.find(tags_.items[k]);
    const std::size_t known = model.data.tags->count(item);
    const std::size_t found = tags_.matrix.count(k);
    if (known == 0) {
      throw Error(ErrorKind::bad_data,
                  {.file = posters_[k],
                   .found = found == 0 ? "nothing that the network has a tag for"
                                       : counted(found, "tag") + ", none of which the model has",
                   .expected = "tags that the model was trained on",
                   .hint = "the weights that its tags are from"});
    }
    spdlog::info("{}: {}{}", printable(posters_[k]), tags_text(model, item),
                 found == known ? ""
                                : "; ignored " + counted(found - known, "tag") +
                                      " that the model does not have");
    if (model.count_of_item(item) > 0) {
      spdlog::warn("{}: the model has {} of an item {}: taken for its poster",
                   printable(posters_[k]), counted(model.count_of_item(item), "rating"),
                   shorten(tags_.items[k]));
    }
  }
}

std::uint32_t ItemInput::find(const std::string& id, const ModelInput& input) const {
  const TrainedModel& model = input.file().model();
  const auto item = model.items.find(id);
  if (!item) {
    const bool is_poster = is_file(id) && !tagger_.has_weights();
    throw Error(
        ErrorKind::bad_data,
        {.file = input.model_path(),
         .found = "has no item " + shorten(id) +
                  (input.tags_path().empty() ? "" : ", nor has " + printable(input.tags_path())),
         .expected =
             "an item of the ratings or tags that it was trained on" + nearest_ids(id, model.items),
         .hint = is_poster ? "--weights FILE, with the network that tags posters"
                           : "--tags FILE, with the tags of items that came after it, or "
                             "--item POSTER --weights FILE"});
  }
  if (model.count_of_item(*item) == 0 &&
      (!model.has_tags() || model.data.tags->count(*item) == 0)) {
    spdlog::warn(
        "the model has neither ratings nor tags of {}: it tells users apart by what they "
        "give anything",
        shorten(id));
  }
  return *item;
}

std::vector<std::uint32_t> ItemInput::resolve(ModelInput& input) const {
  add_poster_tags(input);
  std::vector<std::uint32_t> items;
  for (const std::string& id : items_) {
    items.push_back(find(id, input));
  }
  return items;
}

}  // namespace balse::cli
