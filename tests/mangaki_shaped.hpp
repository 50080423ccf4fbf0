#pragma once

// A minimal reader of the reference data, apart from the program's own so that a test does not
// check that with itself. Ratings are user,item,rating with dense numeric ids and Mangaki's words,
// tags item,tag,weight with names, folds row,<set>,... with 0 train, 1 validation, 2 test; all have
// a header and may be gzipped.

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <zlib.h>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"

namespace balse::test {

using Fields = std::vector<std::string>;

// The comma-separated fields of every line, the header first.
inline std::vector<Fields> read_table(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    throw std::runtime_error("cannot read " + path);
  }
  std::vector<Fields> rows;
  char line[4096];
  while (gzgets(file, line, sizeof line) != nullptr) {
    Fields fields(1);
    for (const char* c = line; *c != '\0' && *c != '\n'; ++c) {
      if (*c == ',') {
        fields.emplace_back();
      } else {
        fields.back() += *c;
      }
    }
    rows.push_back(std::move(fields));
  }
  gzclose(file);
  return rows;
}

inline float value_of(const std::string& word) {
  static const std::map<std::string, float> values = {
      {"favorite", 4.0F}, {"love", 4.0F},    {"like", 2.0F},    {"neutral", 0.1F},
      {"dislike", -2.0F}, {"willsee", 0.5F}, {"wontsee", -0.5F}};
  return values.at(word);
}

// Which rows are fitted: those that are not 2 (test) in column `set`; all without a file of folds.
inline std::vector<bool> chosen_rows(const std::string& path, const std::string& set,
                                     std::size_t count) {
  std::vector<bool> chosen(count, true);
  if (path.empty()) {
    return chosen;
  }
  const std::vector<Fields> table = read_table(path);
  const auto column =
      static_cast<std::size_t>(std::find(table[0].begin(), table[0].end(), set) - table[0].begin());
  for (std::size_t k = 1; k < table.size(); ++k) {
    chosen.at(std::stoul(table[k][0])) = table[k].at(column) != "2";
  }
  return chosen;
}

inline RatingRows read_ratings(const std::string& path, const std::string& folds,
                               const std::string& set, std::size_t& items) {
  const std::vector<Fields> table = read_table(path);
  const std::vector<bool> chosen = chosen_rows(folds, set, table.size() - 1);
  std::vector<std::vector<std::pair<std::uint32_t, float>>> users;
  for (std::size_t k = 1; k < table.size(); ++k) {
    const std::size_t user = std::stoul(table[k][0]);
    const auto item = static_cast<std::uint32_t>(std::stoul(table[k][1]));
    items = std::max<std::size_t>(items, item + 1);
    users.resize(std::max(users.size(), user + 1));
    if (chosen[k - 1]) {
      users[user].emplace_back(item, value_of(table[k][2]));
    }
  }
  RatingRows rows;
  rows.start = {0};
  for (const auto& user : users) {
    for (const auto& [item, value] : user) {
      rows.index.push_back(item);
      rows.value.push_back(value);
    }
    rows.start.push_back(rows.index.size());
  }
  return rows;
}

inline TagMatrix read_tags(const std::string& path, std::size_t items) {
  const std::vector<Fields> table = read_table(path);
  std::map<std::string, std::uint32_t> names;
  std::vector<std::tuple<std::size_t, std::uint32_t, float>> entries;
  for (std::size_t k = 1; k < table.size(); ++k) {
    const auto name = names.emplace(table[k][1], static_cast<std::uint32_t>(names.size())).first;
    entries.emplace_back(std::stoul(table[k][0]), name->second, std::stof(table[k][2]));
    items = std::max(items, std::get<0>(entries.back()) + 1);
  }
  std::sort(entries.begin(), entries.end());
  TagMatrix matrix;
  matrix.tag_count = names.size();
  for (const auto& [item, tag, weight] : entries) {
    matrix.start.resize(item + 1, matrix.tag.size());
    matrix.tag.push_back(tag);
    matrix.weight.push_back(weight);
  }
  matrix.start.resize(items + 1, matrix.tag.size());
  return matrix;
}

}  // namespace balse::test
