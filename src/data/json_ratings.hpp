#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/json_stream.hpp"
#include "data/list_scores.hpp"
#include "data/rating_collector.hpp"

namespace balse {

/// What the name of a member of a JSON object says.
struct JsonMember {
  bool user = false;
  bool item = false;
  bool time = false;
  bool title = false;
  std::optional<std::size_t> rating;  // how clearly, from 0 on
};

/// An object or array that is not closed yet.
struct JsonLevel {
  bool is_object = false;
  std::string key;  // of it, in its parent
  std::uint64_t line = 0;
  std::string last;   // key that was read last
  JsonMember member;  // what it says

  std::optional<std::string> user;
  std::optional<std::string> item;
  std::optional<std::string> rating;
  std::string time;
  std::string title;
  std::string rating_key;
  std::size_t rating_rank = 0;
  std::string other_rating_key;  // as clear as the first
  std::string id;
  std::string name;
  std::string status;
  std::string score_format;
  std::string kind;         // "ANIME" or "MANGA"
  std::size_t waiting = 0;  // where the rows inside it begin among those without a user
};

/// Gets the events of the parser, and finds the ratings among them.
class JsonRatings final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonRatings(RatingCollector& ratings, std::string path)
      : ratings_(ratings), path_(std::move(path)) {}

  void begin_value(const JsonBytes* bytes, std::uint64_t line) {
    bytes_ = bytes;
    line_ = line;
    levels_.clear();
    waiting_.clear();
    problem_.clear();
    found_ = false;
  }
  void end_value();
  bool found() const { return found_; }
  const std::string& problem() const { return problem_; }

  bool null() override { return scalar("null"); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return scalar(text);
  }
  bool string(string_t& value) override { return scalar(value); }
  bool binary(binary_t& /*value*/) override { return true; }
  bool key(string_t& name) override;
  bool start_object(std::size_t /*size*/) override { return open(true); }
  bool end_object() override;
  bool start_array(std::size_t /*size*/) override { return open(false); }
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override;

 private:
  struct Waiting {
    ListEntry entry;
    std::string rating;
    std::string time;
  };

  std::uint64_t line() const { return bytes_ == nullptr ? line_ : bytes_->line(); }
  JsonMember member_of(const std::string& name) const;
  const JsonMember& known(const std::string& name);
  bool scalar(const std::string& text);
  bool open(bool is_object);
  void take_rating(JsonLevel& level, const std::string& text);
  void close_into(JsonLevel& parent, JsonLevel&& child);
  bool is_manga(const JsonLevel& level) const;
  void add_row(JsonLevel& level);
  void add_waiting(std::size_t from, const std::string& user, const std::string& score_format);
  void say_ratings(const JsonLevel& level);

  RatingCollector& ratings_;
  std::string path_;
  const JsonBytes* bytes_ = nullptr;
  std::uint64_t line_ = 0;
  std::vector<JsonLevel> levels_;
  std::vector<Waiting> waiting_;
  std::unordered_map<std::string, JsonMember> members_;
  std::string problem_;
  bool found_ = false;
  bool said_ = false;
  bool said_other_ = false;
  bool said_format_ = false;
};

}  // namespace balse
