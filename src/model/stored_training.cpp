#include "balse/model/stored_training.hpp"

#include <span>
#include <utility>
#include <vector>

#include "balse/model/training_json.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr const char* kSummaries = "summaries";
constexpr const char* kRows = "rows";
constexpr const char* kOfMeans = "means.numbers";
constexpr const char* kUserMeans = "means.user";
constexpr const char* kItemMeans = "means.item";
constexpr const char* kUserCounts = "means.user_count";
constexpr const char* kItemCounts = "means.item_count";
constexpr const char* kKnownCounts = "item_counts";

/// Calls visit(name, summary) for the summary of every block and blend.
template <typename Summaries, typename Visit>
void for_each_summary(Summaries& summaries, const Visit& visit) {
#define BALSE_SUMMARY(member, Block) visit(#member, summaries.member##_summary);
  BALSE_BLOCKS(BALSE_SUMMARY)
#undef BALSE_SUMMARY
#define BALSE_SUMMARY(member, Blend, options) visit(#member, summaries.options##_summary);
  BALSE_BLENDS(BALSE_SUMMARY)
#undef BALSE_SUMMARY
}

std::string summaries_text(BlockSummaries summaries) {
  Json json = Json::object();
  for_each_summary(summaries, [&](const char* name, auto& summary) {
    summary.visit([&](const char* field, const auto& value) { json[name][field] = value; });
  });
  return json.dump();
}

void read_summaries(const std::string& text, BlockSummaries& summaries) {
  const Json json = Json::parse(text);
  for_each_summary(summaries, [&](const char* name, auto& summary) {
    summary.visit([&](const char* field, auto& value) {
      const Json& stored = json.at(name).at(field);
      if (!stored.is_null()) {  // a figure that is no number
        stored.get_to(value);
      }
    });
  });
}

}  // namespace

void write_training(AtomicFile& file, const Training& training,
                    const std::map<std::string, std::string>& metadata) {
  SafetensorsWriter writer;
  for (const auto& [key, value] : metadata) {
    writer.set_metadata(key, value);
  }
  writer.set_metadata(kSummaries, summaries_text(training));
  const RatingMeans& means = *training.means;
  const std::vector<double> numbers = {means.global, means.lowest, means.highest};
  const std::vector<std::uint64_t> rows = {training.train_rows, training.validation_rows};
  writer.add(kRows, std::span(rows));
  writer.add(kOfMeans, std::span(numbers));
  writer.add(kUserMeans, std::span(means.user));
  writer.add(kItemMeans, std::span(means.item));
  writer.add(kUserCounts, std::span(means.user_count));
  writer.add(kItemCounts, std::span(means.item_count));
  writer.add(kKnownCounts, std::span(training.item_counts));
  for (const Parameters& parameters : training.parameters) {
    parameters.write(writer);
  }
  writer.write(file);
}

StoredTraining::StoredTraining(const std::string& path) : file_(path) {
  if (!file_.data_is_intact()) {
    file_.fail("is damaged: its tensors do not match their checksum");
  }
}

std::string StoredTraining::metadata(const std::string& key) const {
  const auto found = file_.metadata().find(key);
  return found == file_.metadata().end() ? std::string() : found->second;
}

Training StoredTraining::training(const Extents& extents) const {
  Training training;
  const auto copy = [&](const char* name, auto& to, std::size_t size) {
    using T = typename std::remove_reference_t<decltype(to)>::value_type;
    const std::span<const T> from = file_.vector<T>(name);
    if (from.size() != size) {
      file_.fail("does not fit the ratings: " + std::string(name));
    }
    to.assign(from.begin(), from.end());
  };
  RatingMeans means;
  std::vector<double> numbers;
  std::vector<std::uint64_t> rows;
  copy(kRows, rows, 2);
  copy(kOfMeans, numbers, 3);
  copy(kUserMeans, means.user, extents.users);
  copy(kItemMeans, means.item, extents.items);
  copy(kUserCounts, means.user_count, extents.users);
  copy(kItemCounts, means.item_count, extents.items);
  copy(kKnownCounts, training.item_counts, extents.items);
  means.global = numbers[0];
  means.lowest = static_cast<float>(numbers[1]);
  means.highest = static_cast<float>(numbers[2]);
  training.means = std::make_shared<const RatingMeans>(std::move(means));
  training.train_rows = rows[0];
  training.validation_rows = rows[1];
  for (const ModelKind* kind : model_kinds()) {
    training.parameters[index_of(kind->model)] = Parameters::map(file_, kind->arrays, extents);
  }
  try {
    read_summaries(metadata(kSummaries), training);
  } catch (const Json::exception&) {
    file_.fail("is damaged, or of another version: what the blocks found cannot be read");
  }
  return training;
}

}  // namespace balse
