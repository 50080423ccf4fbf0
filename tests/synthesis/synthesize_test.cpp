#include "balse/synthesis/synthesize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

namespace {

struct Row {
  std::uint32_t user;
  std::uint32_t item;
  Opinion opinion;
  double value() const { return std::stod(std::string(value_text_of(opinion))); }
};

std::vector<Row> rows_of(const SyntheticData& data) {
  std::vector<Row> rows;
  data.visit_ratings([&](std::uint32_t user, std::uint32_t item, Opinion opinion) {
    rows.push_back({user, item, opinion});
  });
  return rows;
}

std::string text_of(const SynthesisOptions& options) {
  const SyntheticData data(options);
  std::string text;
  const TextSink sink = [&](std::string_view bytes) { text += bytes; };
  write_ratings_csv(data, false, sink);
  write_tags_csv(data, sink);
  write_works_csv(data, sink);
  return text;
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

std::vector<double> counts_by(const std::vector<Row>& rows, std::uint32_t Row::*key,
                              std::size_t size) {
  std::vector<double> counts(size);
  for (const Row& row : rows) {
    counts.at(row.*key) += 1.0;
  }
  return counts;
}

/// Which rows a random fold of `share` tests.
std::vector<bool> draw_test(std::size_t rows, double share) {
  Random random(1);
  std::vector<bool> test(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    test[i] = random.uniform() < share;
  }
  return test;
}

/// Test rows whose item has fewer than `limit` ratings outside the test set.
std::size_t rows_below(const std::vector<Row>& rows, std::size_t items, double share, int limit) {
  const std::vector<bool> test = draw_test(rows.size(), share);
  std::vector<int> known(items);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    known[rows[i].item] += test[i] ? 0 : 1;
  }
  std::size_t below = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    below += test[i] && known[rows[i].item] < limit ? 1 : 0;
  }
  return below;
}

/// RMSE of the user's mean on a random fifth.
double user_mean_rmse(const std::vector<Row>& rows, std::size_t users) {
  const std::vector<bool> test = draw_test(rows.size(), 0.2);
  std::vector<double> sum(users);
  std::vector<double> count(users);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!test[i]) {
      sum[rows[i].user] += rows[i].value();
      count[rows[i].user] += 1.0;
    }
  }
  double squares = 0.0;
  double tested = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (test[i]) {
      const double mean = sum[rows[i].user] / std::max(1.0, count[rows[i].user]);
      squares += (rows[i].value() - mean) * (rows[i].value() - mean);
      tested += 1.0;
    }
  }
  return std::sqrt(squares / tested);
}

/// How much of the variance of the odd items' mean ratings a linear function of the tags explains
/// that was fitted to the even items.
double explained_by_tags(double content) {
  SynthesisOptions options;
  options.users = 400;
  options.items = 600;
  options.ratings = 60000;
  options.tags = 20;
  options.poster_share = 1.0;
  options.content = content;
  const SyntheticData data(options);
  std::vector<double> sum(options.items);
  std::vector<double> count(options.items);
  data.visit_ratings([&](std::uint32_t user, std::uint32_t item, Opinion opinion) {
    sum[item] += Row{user, item, opinion}.value();
    count[item] += 1.0;
  });

  const auto half = static_cast<Eigen::Index>(options.items / 2);
  std::array<Eigen::MatrixXd, 2> tags;
  std::array<Eigen::VectorXd, 2> means;
  for (std::size_t parity = 0; parity < 2; ++parity) {
    tags[parity] = Eigen::MatrixXd::Zero(half, static_cast<Eigen::Index>(options.tags) + 1);
    tags[parity].rightCols<1>().setOnes();
    means[parity].resize(half);
  }
  for (std::size_t item = 0; item < options.items; ++item) {
    const auto row = static_cast<Eigen::Index>(item / 2);
    // Rows weigh as much as their means are certain.
    const double certainty = std::sqrt(count[item]);
    const auto names = data.tags().tags_of(item);
    for (std::size_t k = 0; k < names.size(); ++k) {
      tags[item % 2](row, names[k]) = data.tags().weights_of(item)[k];
    }
    tags[item % 2].row(row) *= certainty;
    means[item % 2](row) = certainty * sum[item] / count[item];
  }
  const Eigen::VectorXd fitted = tags[0].colPivHouseholderQr().solve(means[0]);
  const Eigen::VectorXd ones = tags[1].rightCols<1>();
  const Eigen::VectorXd centred = means[1] - ones * (ones.dot(means[1]) / ones.squaredNorm());
  return 1.0 - (means[1] - tags[1] * fitted).squaredNorm() / centred.squaredNorm();
}

}  // namespace

TEST_CASE("a data set has what was asked for, each pair once, everybody and everything",
          "[synthesis]") {
  SynthesisOptions options;
  options.users = 50;
  options.items = 70;
  options.ratings = GENERATE(70U, 71U, 500U, 1750U);  // fewest to most
  options.tags = GENERATE(1U, 2U, 9U, 200U);
  REQUIRE(options.validate().empty());
  const SyntheticData data(options);
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::set<std::uint32_t> users;
  std::set<std::uint32_t> items;
  const std::vector<Row> rows = rows_of(data);
  for (const Row& row : rows) {
    pairs.emplace(row.user, row.item);
    users.insert(row.user);
    items.insert(row.item);
  }
  CHECK(rows.size() == options.ratings);
  CHECK(pairs.size() == options.ratings);
  CHECK(users.size() == options.users);
  CHECK(items.size() == options.items);
  CHECK(*users.rbegin() == options.users - 1);
  CHECK(*items.rbegin() == options.items - 1);
  CHECK(data.tags().items() == options.items);
  CHECK(data.tags().tag_count == options.tags);
}

TEST_CASE("names and titles are distinct", "[synthesis]") {
  SynthesisOptions options;
  options.items = 50000;
  options.ratings = 60000;
  options.users = 100;
  options.tags = GENERATE(3U, 503U, 1539U);
  const SyntheticData data(options);
  const std::vector<std::string>& names = data.tag_names();
  CHECK(names.size() == options.tags);
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == options.tags);
  std::set<std::string> titles;
  for (std::uint32_t item = 0; item < options.items; ++item) {
    titles.insert(data.title(item));
  }
  CHECK(titles.size() == options.items);
}

TEST_CASE("the same seed gives the same bytes, another seed others", "[synthesis]") {
  SynthesisOptions options;
  options.users = 30;
  options.items = 40;
  options.ratings = 300;
  const bool same = text_of(options) == text_of(options);
  CHECK(same);
  SynthesisOptions other = options;
  other.seed = 1;
  const bool differs = text_of(options) != text_of(other);
  CHECK(differs);

  const SyntheticData data(options);
  const std::vector<Row> once = rows_of(data);
  const std::vector<Row> again = rows_of(data);
  CHECK(std::equal(once.begin(), once.end(), again.begin(), again.end(),
                   [](const Row& a, const Row& b) {
                     return a.user == b.user && a.item == b.item && a.opinion == b.opinion;
                   }));
}

TEST_CASE("tag weights and poster share are as asked", "[synthesis]") {
  SynthesisOptions options;
  options.poster_share = GENERATE(0.0, 0.25, 1.0);
  const SyntheticData data(options);
  const TagMatrix& tags = data.tags();
  std::size_t posters = 0;
  for (std::size_t item = 0; item < tags.items(); ++item) {
    posters += tags.count(item) > 0 ? 1 : 0;
    CHECK(std::adjacent_find(tags.tags_of(item).begin(), tags.tags_of(item).end(),
                             std::greater_equal<>()) == tags.tags_of(item).end());
  }
  CHECK(posters == static_cast<std::size_t>(std::llround(options.poster_share * 9979)));
  CHECK(std::all_of(tags.weight.begin(), tags.weight.end(),
                    [](float weight) { return weight >= 0.1F && weight <= 1.0F; }));
}

TEST_CASE("the default shape is Mangaki's", "[synthesis]") {
  SynthesisOptions options;
  options.seed = GENERATE(0U, 1U);
  const SyntheticData data(options);
  const std::vector<Row> rows = rows_of(data);

  // Ratings in words. A few users give most of the ratings, so shares vary from seed to seed.
  std::array<double, 6> shares = {};
  for (const Row& row : rows) {
    shares[static_cast<std::size_t>(row.opinion)] += 1.0 / static_cast<double>(rows.size());
  }
  const std::array<double, 6> published = {13042, 122386, 40126, 23408, 85269, 50159};
  for (std::size_t k = 0; k < 6; ++k) {
    CHECK(shares[k] == Approx(published[k] / 334390).margin(0.02));
  }

  const std::vector<double> by_user = counts_by(rows, &Row::user, options.users);
  CHECK(quantile(by_user, 0.25) == Approx(18).margin(6));
  CHECK(quantile(by_user, 0.50) == Approx(65).margin(12));
  CHECK(quantile(by_user, 0.95) == Approx(600).margin(100));
  CHECK(quantile(by_user, 1.00) == Approx(3200).margin(200));

  const std::vector<double> by_item = counts_by(rows, &Row::item, options.items);
  CHECK(std::count(by_item.begin(), by_item.end(), 1.0) == Approx(2260).epsilon(0.15));
  CHECK(quantile(by_item, 0.50) == Approx(5).margin(1));
  CHECK(quantile(by_item, 0.75) == Approx(14).margin(4));
  CHECK(quantile(by_item, 0.99) == Approx(665).epsilon(0.2));
  CHECK(quantile(by_item, 1.00) == Approx(1493).epsilon(0.2));

  // What folds make of it.
  CHECK(rows_below(rows, options.items, 0.2, 1) == Approx(550).epsilon(0.15));
  CHECK(rows_below(rows, options.items, 0.2, 3) == Approx(1780).epsilon(0.1));
  CHECK(rows_below(rows, options.items, 0.1, 1) == Approx(245).epsilon(0.15));
  CHECK(rows_below(rows, options.items, 0.1, 4) == Approx(1000).epsilon(0.15));
  CHECK(user_mean_rmse(rows, options.users) == Approx(1.31).margin(0.03));

  std::vector<double> tags_of_item;
  for (std::size_t item = 0; item < options.items; ++item) {
    if (data.tags().count(item) > 0) {
      tags_of_item.push_back(static_cast<double>(data.tags().count(item)));
    }
  }
  CHECK(data.tags().tag.size() == Approx(210009).epsilon(0.02));
  CHECK(quantile(tags_of_item, 0.01) == Approx(10).margin(2));
  CHECK(quantile(tags_of_item, 0.99) == Approx(51).margin(5));
  const std::vector<double> weights(data.tags().weight.begin(), data.tags().weight.end());
  CHECK(quantile(weights, 0.25) == Approx(0.26).margin(0.02));
  CHECK(quantile(weights, 0.50) == Approx(0.37).margin(0.02));
  CHECK(quantile(weights, 0.75) == Approx(0.52).margin(0.02));
}

TEST_CASE("the strength of content is how much of the ratings tags explain", "[synthesis]") {
  const double none = explained_by_tags(0.0);
  const double half = explained_by_tags(0.5);
  const double all = explained_by_tags(1.0);
  CHECK(none < 0.1);
  CHECK(half > none + 0.2);
  CHECK(all > half + 0.2);
  CHECK(all > 0.7);
}

TEST_CASE("options that make no sense are refused in a sentence", "[synthesis]") {
  CHECK(SynthesisOptions{}.validate().empty());
  SynthesisOptions options;
  SECTION("nobody") {
    options.users = 0;
  }
  SECTION("nothing") {
    options.items = 0;
  }
  SECTION("no tags") {
    options.tags = 0;
  }
  SECTION("more tags than there are names for") {
    options.tags = 1000000;
  }
  SECTION("fewer ratings than items") {
    options.ratings = 9978;
  }
  SECTION("fewer ratings than users") {
    options.items = 300;
    options.ratings = 2078;
  }
  SECTION("more than half of all pairs") {
    options.ratings = 10373171;
  }
  SECTION("share of posters") {
    options.poster_share = GENERATE(-0.1, 1.1, std::nan(""));
  }
  SECTION("strength of content") {
    options.content = GENERATE(-0.1, 1.1, std::nan(""));
  }
  SECTION("more items than 32 bits number") {
    options.items = std::size_t{1} << 40;
  }
  CHECK_FALSE(options.validate().empty());
}
