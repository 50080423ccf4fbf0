#include "predictions_file.hpp"

#include <charconv>

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

void PredictionsFile::write_header(const std::vector<Model>& models) {
  text_ += "fold,user,item,rating";
  for (const Model model : models) {
    text_ += ',';
    text_ += name_of(model);
  }
  text_ += ",item_count\n";
}

void PredictionsFile::write(const TestPrediction& row) {
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
  text_ += ',' + std::to_string(row.item_count) + '\n';
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
