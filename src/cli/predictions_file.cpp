#include "predictions_file.hpp"

#include <charconv>
#include <cmath>

#include "balse/data/row_text.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr int kDigits = 6;  // after the point: far below what a rating can mean

template <typename... Format>
void append_number(std::string& line, double value, Format... format) {
  char text[400];  // %.6f of the largest double
  line.append(text, std::to_chars(text, text + sizeof text, value, format...).ptr);
}

}  // namespace

void PredictionsFile::write_header(const std::vector<Contender>& contenders) {
  if (has_header_) {
    return;
  }
  has_header_ = true;
  text_ += column_;
  text_ += "fold,user,item,rating";
  for (const Contender& contender : contenders) {
    text_ += ',';
    append_field(text_, contender.name, {',', csv_safe_});
  }
  text_ += ",item_count,user_count,has_tags,als_weight,fallback,deviation\n";
  for (const Contender& contender : contenders) {
    last_ = contender.model ? contender.model : last_;
  }
}

void PredictionsFile::write(const TestPrediction& row) {
  text_ += point_;
  text_ += std::to_string(row.fold);
  text_ += ',';
  append_field(text_, ratings_.users[row.user], {',', csv_safe_});
  text_ += ',';
  append_field(text_, ratings_.items[row.item], {',', csv_safe_});
  text_ += ',';
  char rating[64];  // the shortest text of the float: 0.1 stays 0.1
  text_.append(rating, std::to_chars(rating, rating + sizeof rating, row.rating).ptr);
  for (const double prediction : row.predictions) {
    text_ += ',';
    append_number(text_, prediction, std::chars_format::fixed, kDigits);
  }
  text_ += ',' + std::to_string(row.item_count) + ',' + std::to_string(row.user_count);
  text_ += row.has_tags ? ",1," : ",0,";
  const Predictors& predictors = *row.predictors;
  if (predictors.find(Model::balse) != nullptr) {
    append_number(text_, predictors.weight(Model::balse, Model::als, row.user, row.item),
                  std::chars_format::fixed, kDigits);
  }
  text_ += ',';
  double deviation = kNoFigure;
  if (last_) {
    const Block& model = *predictors.find(*last_);
    text_ += name_of(model.fallback(row.user, row.item));
    deviation = model.deviation(row.user, row.item);
  }
  text_ += ',';
  if (std::isfinite(deviation)) {
    append_number(text_, deviation, std::chars_format::fixed, kDigits);
  }
  text_ += '\n';
  if (text_.size() >= kPieceBytes) {
    file_.write(text_);
    text_.clear();
  }
}

void PredictionsFile::commit() {
  file_.write(text_);
  file_.commit();
}

}  // namespace balse::cli
