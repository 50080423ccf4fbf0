#include "evaluation/time_splits.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "balse/support/counted.hpp"
#include "balse/support/random.hpp"

#include "evaluation/part_shares.hpp"

namespace balse {
namespace {

using RowSpan = std::span<std::uint32_t>;  // in the order of their times

/// "2003-02-28 17:10:05 UTC"
std::string moment(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

class TimeSplits final : public Splits {
 public:
  TimeSplits(const SplitOptions& options, const Ratings& ratings)
      : options_(options), ratings_(ratings), parts_(ratings.size(), Part::train) {
    if (options.time_cut == TimeCut::global) {
      cut_all();
    } else {
      cut_each_user();
    }
  }

  std::size_t folds() const override { return 1; }
  std::vector<Part> parts(std::size_t /*fold*/) const override { return parts_; }

  std::string describe() const override {
    const double validation = share_of_part(Part::validation);
    const double test = share_of_part(Part::test);
    std::string text = options_.time_cut == TimeCut::global ? words_of_global() : words_of_users();
    text += ", " + part_shares(validation, test);
    if (whole_percent(test) != whole_percent(options_.test_share)) {
      text += " (" + whole_percent(options_.test_share) + " asked for)";
    }
    return text + (by_chance_ > 0 ? ", seed " + std::to_string(options_.seed) : "");
  }

 private:
  std::string words_of_global() const {
    const std::int64_t validated = first_time(Part::validation);
    const std::string validation = validated == kNever ? "none"
                                   : by_chance_ > 0
                                       ? "at random, as all before the test is of one time"
                                       : "from " + moment(validated) + " on";
    return "time: trained on the past, one cut for all: validation " + validation + ", test from " +
           moment(first_time(Part::test)) + " on";
  }

  std::string words_of_users() const {
    std::string text = "time: trained on each user's past, the user's latest ratings tested";
    if (lone_users_ > 0) {
      text += ", those of " + counted(lone_users_, "user") + " with a single rating trained on";
    }
    if (by_chance_ > 0) {
      text += ", equal times of " + counted(by_chance_, "user") + " parted at random";
    }
    return text;
  }

  double share_of_part(Part part) const {
    return static_cast<double>(std::count(parts_.begin(), parts_.end(), part)) /
           static_cast<double>(parts_.size());
  }

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  std::int64_t first_time(Part part) const {
    std::int64_t first = kNever;
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      first = parts_[row] == part ? std::min(first, ratings_.time[row]) : first;
    }
    return first;
  }

  void cut_all() {
    std::vector<std::uint32_t> rows(ratings_.size());
    std::iota(rows.begin(), rows.end(), 0U);
    cut(rows);
  }

  void cut_each_user() {
    std::vector<std::size_t> start(ratings_.users.size() + 1);
    for (const std::uint32_t user : ratings_.user) {
      ++start[user + 1];
    }
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::uint32_t> rows(ratings_.size());
    std::vector<std::size_t> next(start.begin(), start.end() - 1);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      rows[next[ratings_.user[row]]++] = static_cast<std::uint32_t>(row);
    }
    for (std::size_t user = 0; user + 1 < start.size(); ++user) {
      const std::size_t count = start[user + 1] - start[user];
      lone_users_ += count == 1 ? 1 : 0;
      if (count > 1) {
        cut(RowSpan(rows).subspan(start[user], count));
      }
    }
  }

  void cut(RowSpan rows) {
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
      return ratings_.time[left] < ratings_.time[right];
    });
    const std::size_t before = by_chance_;
    const RowSpan rest = take_latest(
        rows, std::max<std::size_t>(1, share_of(options_.test_share, rows.size())), Part::test);
    take_latest(rest, share_of(kValidationShare, rest.size()), Part::validation);
    by_chance_ = std::min(by_chance_, before + 1);  // a user but once
  }

  static std::size_t share_of(double share, std::size_t count) {
    return static_cast<std::size_t>(std::llround(share * static_cast<double>(count)));
  }

  /// Gives about so many of the latest rows to `part`, and hands back the others, of which there
  /// are some.
  RowSpan take_latest(RowSpan rows, std::size_t wanted, Part part) {
    if (wanted == 0 || rows.size() < 2) {
      return rows;
    }
    wanted = std::min(wanted, rows.size() - 1);
    std::size_t begin = rows.size() - wanted;
    if (const auto between = change_of_time(rows, begin)) {
      begin = *between;
    } else {
      put_by_chance(rows);
      ++by_chance_;
    }
    for (const std::uint32_t row : rows.subspan(begin)) {
      parts_[row] = part;
    }
    return rows.first(begin);
  }

  /// Where the time changes nearest to `wanted`, the later of two that are equally near; nothing
  /// where all rows have one time.
  std::optional<std::size_t> change_of_time(RowSpan rows, std::size_t wanted) const {
    const auto changes = [&](std::size_t at) {
      return at > 0 && at < rows.size() && ratings_.time[rows[at - 1]] != ratings_.time[rows[at]];
    };
    for (std::size_t away = 0; away < rows.size(); ++away) {
      if (changes(wanted + away)) {
        return wanted + away;
      }
      if (away <= wanted && changes(wanted - away)) {
        return wanted - away;
      }
    }
    return std::nullopt;
  }

  /// Rows of one time, in an order that depends on their users and items and on the seed, not on
  /// that of the file.
  void put_by_chance(RowSpan rows) const {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    order.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      order.emplace_back(chance_of(row), row);
    }
    std::sort(order.begin(), order.end(), [&](const auto& left, const auto& right) {
      return left.first != right.first ? left.first < right.first
                                       : texts_of(left.second) < texts_of(right.second);
    });
    std::transform(order.begin(), order.end(), rows.begin(),
                   [](const auto& entry) { return entry.second; });
  }

  std::pair<std::string_view, std::string_view> texts_of(std::uint32_t row) const {
    return {ratings_.users[ratings_.user[row]], ratings_.items[ratings_.item[row]]};
  }

  /// FNV-1a of both ids, then mixed with the seed.
  std::uint64_t chance_of(std::uint32_t row) const {
    std::uint64_t hash = 14695981039346656037ULL;
    const auto add = [&](char c) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    };
    const auto [user, item] = texts_of(row);
    std::for_each(user.begin(), user.end(), add);
    add('\n');  // in no id
    std::for_each(item.begin(), item.end(), add);
    return derive_seed(options_.seed, hash);
  }

  SplitOptions options_;
  const Ratings& ratings_;
  std::vector<Part> parts_;
  std::size_t lone_users_ = 0;  // with one rating, which is trained on
  std::size_t by_chance_ = 0;   // users whose equal times had to be parted; global: 0 or 1
};

}  // namespace

std::string validate_times(const SplitOptions& options, const Ratings& ratings) {
  if (ratings.time.empty()) {
    return "nothing says when ratings were given";
  }
  if (options.time_cut == TimeCut::global) {
    const bool one_time =
        std::all_of(ratings.time.begin(), ratings.time.end(),
                    [&](std::int64_t time) { return time == ratings.time.front(); });
    return one_time ? "all ratings were given at one time, " + moment(ratings.time.front()) +
                          ", so that none is later than others"
                    : "";
  }
  std::vector<bool> seen(ratings.users.size());
  for (const std::uint32_t user : ratings.user) {
    if (seen[user]) {
      return {};
    }
    seen[user] = true;
  }
  return "no user has two ratings, of which one could be the later";
}

std::unique_ptr<Splits> make_time_splits(const SplitOptions& options, const Ratings& ratings) {
  return std::make_unique<TimeSplits>(options, ratings);
}

}  // namespace balse
