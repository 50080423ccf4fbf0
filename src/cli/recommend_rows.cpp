#include "recommend_rows.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ranges.h>

#include "balse/data/row_text.hpp"
#include "balse/explanation/reasons.hpp"

#include "explain_answer.hpp"

namespace balse::cli {

std::string RecommendRows::header() const {
  std::vector<std::string> names = {"user",  "rank",     "item",   "title",
                                    "score", "fallback", "reasons"};
  if (predictors_ != nullptr) {
    names.emplace_back("sentence");
  }
  return format_ == Format::jsonl
             ? ""
             : fmt::format("{}\n", fmt::join(names, format_ == Format::tsv ? "\t" : ","));
}

std::string RecommendRows::row(std::string_view user, std::size_t rank,
                               const Recommendation& recommendation) const {
  return format_ == Format::jsonl ? json_row(user, rank, recommendation)
                                  : text_row(user, rank, recommendation);
}

std::string RecommendRows::sentence_of(const Recommendation& recommendation) const {
  const std::uint32_t item = recommendation.item;
  const ExplainQuestion question{.model = model_,
                                 .predictors = *predictors_,
                                 .user = recommendation.user,
                                 .item = item,
                                 .item_id = std::string(model_.items[item])};
  return cli::sentence_of(question, explain(model_, *predictors_, recommendation.user, item));
}

std::string RecommendRows::text_row(std::string_view user, std::size_t rank,
                                    const Recommendation& recommendation) const {
  const FieldStyle style = {format_ == Format::tsv ? '\t' : ',', csv_safe_};
  std::string text;
  const auto field = [&](std::string_view value) {
    append_field(text, value, style);
    text += style.delimiter;
  };
  field(user);
  field(std::to_string(rank));
  field(model_.items[recommendation.item]);
  field(model_.titles[recommendation.item]);
  append_prediction(text, recommendation.score);
  text += style.delimiter;
  field(name_of(recommendation.fallback));
  std::string reasons;
  for (const Contribution& reason : recommendation.reasons) {
    reasons += reasons.empty() ? "" : "; ";
    reasons += model_.tags[reason.index];
    reasons += fmt::format(" {:+.2f}", reason.value);
  }
  append_field(text, reasons, style);
  if (predictors_ != nullptr) {
    text += style.delimiter;
    append_field(text, sentence_of(recommendation), style);
  }
  return text + "\n";
}

std::string RecommendRows::json_row(std::string_view user, std::size_t rank,
                                    const Recommendation& recommendation) const {
  nlohmann::ordered_json json = {
      {"user", user}, {"rank", rank}, {"item", model_.items[recommendation.item]}};
  if (const auto title = model_.titles[recommendation.item]; !title.empty()) {
    json["title"] = title;
  }
  json["score"] = recommendation.score;
  json["rank_by"] = name_of(recommendation.rank_by);
  json["rank_score"] = recommendation.rank_score;
  json["fallback"] = name_of(recommendation.fallback);
  json["reasons"] = nlohmann::ordered_json::array();
  for (const Contribution& reason : recommendation.reasons) {
    json["reasons"].push_back({{"tag", model_.tags[reason.index]}, {"contribution", reason.value}});
  }
  if (predictors_ != nullptr) {
    json["sentence"] = sentence_of(recommendation);
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string RecommendRows::text_of(const std::string& user,
                                   const std::vector<Recommendation>& recommendations) const {
  std::string text;
  for (std::size_t k = 0; k < recommendations.size(); ++k) {
    text += row(user, k + 1, recommendations[k]);
  }
  return text;
}

}  // namespace balse::cli
