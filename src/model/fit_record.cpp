#include "balse/model/fit_record.hpp"

#include <algorithm>

#include "balse/model/training_json.hpp"

namespace balse {
namespace {

Json record_json(const FitRecord& record, const Training& training, bool timed) {
  Json json = {{"program", "balse"},
               {"version", record.version},
               {"created", record.created},
               {"command_line", record.command_line},
               {"inputs", inputs_json(record.inputs)},
               {"validation", record.validation},
               {"seed", record.seed},
               {"warm_start", record.warm_start},
               {"ratings", record.ratings},
               {"users", record.users},
               {"items", record.items},
               {"tags", record.tags},
               {"items_with_tags", record.items_with_tags},
               {"rating_scale", record.scale},
               {"options", training_options_json(record.options)},
               {"train_rows", training.train_rows},
               {"validation_rows", training.validation_rows}};
  json["options"].update(neighbour_options_json(record.neighbours));
  if (record.max_tags > 0) {
    json["options"]["max_tags"] = record.max_tags;
  }
  if (record.user_features > 0) {
    json["user_features"] = record.user_features;
  }
  if (record.item_features > 0) {
    json["item_features"] = record.item_features;
    json["items_with_features"] = record.items_with_features;
  }
  if (record.left_out > 0) {
    json["left_out_rows"] = record.left_out;
  }
  add_summaries(json, training, record.tags > 0, timed);
  if (record.neighbours.count > 0) {
    json["neighbours"] = figures_json(record.neighbour_summary.figures());
    if (timed) {
      json["neighbours"]["seconds"] = record.neighbour_summary.seconds;
    }
  }
  return json;
}

// Paths and command lines may hold bytes that are no UTF-8.
std::string fit_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void count_trained(const Ratings& ratings, std::span<const Part> parts, FitRecord& record) {
  std::vector<bool> has_rating(ratings.users.size());
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (is_known(parts[row])) {
      has_rating[ratings.user[row]] = true;
    }
  }
  record.left_out = static_cast<std::size_t>(
      std::count_if(parts.begin(), parts.end(), [](Part part) { return !is_known(part); }));
  record.ratings = parts.size() - record.left_out;
  record.users = static_cast<std::size_t>(std::count(has_rating.begin(), has_rating.end(), true));
}

std::string render_manifest(const FitRecord& record, const Training& training) {
  return fit_text(record_json(record, training, false), -1);
}

std::string render_fit_report(const FitRecord& record, const Training& training, double seconds,
                              std::uint64_t file_bytes) {
  Json json = record_json(record, training, true);
  json["seconds"] = seconds;
  json["file_bytes"] = file_bytes;
  return fit_text(json, 2) + "\n";
}

std::optional<ManifestFacts> read_manifest(const std::string& manifest) {
  try {
    const Json json = Json::parse(manifest);
    return ManifestFacts{.options = training_options_of(json.at("options")).model,
                         .scale = json.value("rating_scale", std::string())};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace balse
