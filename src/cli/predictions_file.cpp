#include "predictions_file.hpp"

#include <charconv>

#include "balse/data/row_text.hpp"

namespace balse::cli {
namespace {

constexpr int kDigits = 6;  // after the point: far below what a rating can mean

template <typename... Format>
void append_number(std::string& line, double value, Format... format) {
  char text[400];  // %.6f of the largest double
  line.append(text, std::to_chars(text, text + sizeof text, value, format...).ptr);
}

}  // namespace

void PredictionsFile::write_header(const std::vector<Model>& models) {
  line_ = "fold,user,item,rating";
  for (const Model model : models) {
    line_ += ',';
    line_ += name_of(model);
  }
  file_.write(line_ + ",item_count\n");
}

void PredictionsFile::write(const TestPrediction& row) {
  line_ = std::to_string(row.fold);
  line_ += ',';
  append_field(line_, ratings_.users[row.user], {',', csv_safe_});
  line_ += ',';
  append_field(line_, ratings_.items[row.item], {',', csv_safe_});
  line_ += ',';
  char rating[64];  // the shortest text of the float: 0.1 stays 0.1
  line_.append(rating, std::to_chars(rating, rating + sizeof rating, row.rating).ptr);
  for (const double prediction : row.predictions) {
    line_ += ',';
    append_number(line_, prediction, std::chars_format::fixed, kDigits);
  }
  line_ += ',' + std::to_string(row.item_count) + '\n';
  file_.write(line_);
}

}  // namespace balse::cli
