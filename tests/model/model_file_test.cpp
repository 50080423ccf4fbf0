#include "balse/model/model_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

void check_same_predictions(const TrainedModel& left, const TrainedModel& right) {
  const Predictors a = left.predictors();
  const Predictors b = right.predictors();
  // One beyond the last user and item: never seen.
  for (const Model model : {Model::als, Model::lasso, Model::balse}) {
    REQUIRE((a.find(model) == nullptr) == (b.find(model) == nullptr));
    for (std::uint32_t user = 0; a.find(model) != nullptr && user <= left.users.size(); ++user) {
      for (std::uint32_t item = 0; item <= left.items.size(); ++item) {
        REQUIRE(a.find(model)->predict(user, item) == b.find(model)->predict(user, item));
        REQUIRE(a.find(model)->fallback(user, item) == b.find(model)->fallback(user, item));
      }
    }
  }
}

/// The model's file with one tensor or metadata value replaced, and right checksums.
class Forged {
 public:
  explicit Forged(const std::string& path) : file_(path) {}

  template <typename T>
  void replace(const std::string& name, std::vector<std::uint64_t> shape,
               const std::vector<T>& values) {
    auto kept = std::make_shared<std::vector<T>>(values);
    writer_.add(name, std::move(shape), std::span<const T>(*kept));
    kept_.push_back(kept);
    replaced_ = name;
  }
  void metadata(const std::string& key, const std::string& value) { changed_[key] = value; }

  Error refusal(const std::string& path) {
    for (const auto& [name, tensor] : file_.tensors()) {
      if (name != replaced_ && !name.starts_with("checksum.")) {
        copy(name, tensor);
      }
    }
    for (const auto& [key, value] : file_.metadata()) {
      writer_.set_metadata(key, changed_.contains(key) ? changed_[key] : value);
    }
    AtomicFile out(path);
    writer_.write(out);
    out.commit();
    return error_of([&] { const ModelFile model(path); });
  }

 private:
  void copy(const std::string& name, const SafetensorsReader::Tensor& tensor) {
    switch (tensor.dtype) {
      case Dtype::f64:
        writer_.add(name, tensor.shape, SafetensorsReader::elements<double>(tensor));
        break;
      case Dtype::u64:
        writer_.add(name, tensor.shape, SafetensorsReader::elements<std::uint64_t>(tensor));
        break;
      case Dtype::f32:
        writer_.add(name, tensor.shape, SafetensorsReader::elements<float>(tensor));
        break;
      case Dtype::u32:
        writer_.add(name, tensor.shape, SafetensorsReader::elements<std::uint32_t>(tensor));
        break;
      case Dtype::u8:
        writer_.add(name, tensor.shape, SafetensorsReader::elements<std::uint8_t>(tensor));
        break;
    }
  }

  SafetensorsReader file_;
  SafetensorsWriter writer_;
  std::vector<std::shared_ptr<void>> kept_;
  std::string replaced_;
  std::map<std::string, std::string> changed_;
};

}  // namespace

TEST_CASE("a model that was written predicts as the one that was fitted", "[model-file]") {
  const TemporaryFolder folder;
  for (const bool with_tags : {true, false}) {
    const SampleModel sample(with_tags);
    sample.write(folder.path("model"));
    const ModelFile file(folder.path("model"));
    CHECK(file.metadata("created") == "today");
    CHECK(file.model().items.size() == (with_tags ? 48 : 45));
    CHECK(file.model().items[0] == sample.ratings.items[0]);
    CHECK(file.model().has_tags() == with_tags);
    check_same_predictions(sample.model(), file.model());
    const auto rated = file.model().rated_by(0);
    CHECK(std::is_sorted(rated.begin(), rated.end()));
    std::size_t first_user = 0;
    for (const std::uint32_t user : sample.ratings.user) {
      first_user += user == 0 ? 1 : 0;
    }
    CHECK(rated.size() == first_user);
    CHECK(file.model().rated_by(999).empty());
  }
}

TEST_CASE("the trained model predicts as evaluation's predictors do", "[model-file]") {
  const SampleModel sample;
  const TagMatrix aligned = align_tags(sample.tags, sample.ratings.items);
  const Training training = train(sample.ratings, &aligned, sample.parts, sample.options);
  const Predictors expected = training.predictors(&aligned, sample.options.model);
  const Predictors actual = sample.model().predictors();
  for (std::uint32_t user = 0; user < sample.ratings.users.size(); ++user) {
    for (std::uint32_t item = 0; item < sample.ratings.items.size(); ++item) {
      for (const Model model : {Model::als, Model::lasso, Model::balse}) {
        REQUIRE(expected.find(model)->predict(user, item) ==
                actual.find(model)->predict(user, item));
      }
    }
  }
}

TEST_CASE("many items at once are predicted as one by one", "[model-file]") {
  for (const bool with_tags : {true, false}) {
    const SampleModel sample(with_tags);
    const Predictors predictors = sample.model().predictors();
    std::vector<std::uint32_t> items;
    for (std::uint32_t item = 0; item <= sample.model().items.size(); ++item) {
      items.push_back(item);
    }
    std::vector<double> out(items.size());
    PredictionScratch scratch;
    for (const Model model : kModels) {
      for (std::uint32_t user = 0;
           predictors.find(model) != nullptr && user <= sample.model().users.size(); ++user) {
        predictors.find(model)->predict_items(user, items, out, scratch);
        for (std::size_t k = 0; k < items.size(); ++k) {
          REQUIRE(out[k] == Approx(predictors.find(model)->predict(user, items[k])).epsilon(1e-14));
        }
      }
    }
  }
}

TEST_CASE("unseen items are known by their tags, unknown ones by nothing", "[model-file]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  const Block& balse = *predictors.find(Model::balse);
  const auto cold = *model.items.find("i47");
  const auto nothing = static_cast<std::uint32_t>(model.items.size());
  CHECK(model.data.tags->count(cold) > 0);
  CHECK(balse.fallback(0, cold) == Fallback::none);
  CHECK(balse.fallback(0, nothing) == Fallback::unseen_item);
  CHECK(balse.fallback(999, 0) == Fallback::unseen_user);
  CHECK(balse.fallback(999, nothing) == Fallback::unseen_both);
  CHECK(balse.predict(999, nothing) == model.data.means.global);
  CHECK(balse.predict(999, 0) == Approx(model.data.means.item[0]));
  CHECK(predictors.find(Model::als)->predict(0, nothing) == model.data.means.mean_of_user(0));
}

TEST_CASE("tags of new items, and new tags of old ones, count", "[model-file]") {
  const TemporaryFolder folder;
  const SampleModel sample;
  sample.write(folder.path("model"));
  ModelFile file(folder.path("model"));
  Tags tags;
  tags.names.insert("unheard of");
  tags.names.insert("t7");
  tags.names.insert("t2");
  tags.matrix.tag_count = 3;
  const auto row = [&](const std::string& item, std::vector<float> weights) {
    tags.items.insert(item);
    for (std::uint32_t tag = 0; tag < 3; ++tag) {
      tags.matrix.tag.push_back(tag);
      tags.matrix.weight.push_back(weights[tag]);
    }
    tags.matrix.start.push_back(tags.matrix.tag.size());
  };
  row("announced today", {0.1F, 0.5F, 0.25F});
  row("i0", {0.1F, 1.0F, 0.75F});
  const NewItems added = add_item_tags(file.model(), tags);
  CHECK(added.new_items == 1);
  CHECK(added.known_items == 1);
  CHECK(added.unknown_tags == 1);
  const TrainedModel& model = file.model();
  const auto item = *model.items.find("announced today");
  const Predictors predictors = model.predictors();
  const Parameters& fitted = model.parameters[index_of(Model::lasso)];
  const SparseView coefficients = fitted.sparse(LassoBlock::kCoefficients);
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    double expected = fitted.vector(LassoBlock::kIntercept)[user];
    double expected_old = expected;
    const auto tastes = coefficients.indices_of(user);
    for (std::size_t k = 0; k < tastes.size(); ++k) {
      const std::string_view name = model.tags[tastes[k]];
      const double coefficient = coefficients.values_of(user)[k];
      expected += coefficient * (name == "t7" ? 0.5 : name == "t2" ? 0.25 : 0.0);
      expected_old += coefficient * (name == "t7" ? 1.0 : name == "t2" ? 0.75 : 0.0);
    }
    const auto& range = model.clipping.range;
    const Block& lasso = *predictors.find(Model::lasso);
    REQUIRE(lasso.predict(user, item) == Approx(std::clamp(expected, range.low, range.high)));
    REQUIRE(lasso.predict(user, *model.items.find("i0")) ==
            Approx(std::clamp(expected_old, range.low, range.high)));
  }
  // An item that the file does not mention keeps its tags.
  const SampleModel again;
  const auto other = *model.items.find("i1");
  CHECK(model.data.tags->count(other) == again.model().data.tags->count(other));
}

TEST_CASE("a model with any bit of its header flipped is refused", "[model-file]") {
  const TemporaryFolder folder;
  const SampleModel sample;
  sample.write(folder.path("model"));
  const std::string whole = read_file(folder.path("model"));
  std::uint64_t length = 0;
  std::memcpy(&length, whole.data(), sizeof length);
  REQUIRE(length > 1000);
  Random random(5);
  for (std::size_t at = 0; at < 8 + length; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
    const std::string path = folder.write("damaged", damaged);
    const Error error = error_of([&] { const ModelFile model(path); });
    REQUIRE(error.kind() == ErrorKind::bad_data);
  }
}

TEST_CASE("a model with numbers that no training leaves is refused", "[model-file]") {
  const TemporaryFolder folder;
  SampleModel().write(folder.path("model"));
  for (const double number : {std::nan(""), -std::numeric_limits<double>::infinity(), 1.1e265}) {
    Forged forged(folder.path("model"));
    forged.replace<double>("gate", {2}, {0.5, number});
    const Error error = forged.refusal(folder.path("forged"));
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("tensor gate") && Contains("not finite"));
  }
}

TEST_CASE("models that do not fit together are refused", "[model-file]") {
  const TemporaryFolder folder;
  const SampleModel sample;
  const std::string path = folder.path("model");
  sample.write(path);
  const auto users = sample.model().users.size();
  const auto refuse = [&](auto&& forge, const std::string& why) {
    Forged forged(path);
    forge(forged);
    const Error error = forged.refusal(folder.path("forged"));
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains(why));
  };
  refuse([](Forged& f) { f.metadata("format_version", "3"); }, "a newer balse");
  refuse([](Forged& f) { f.metadata("format_version", "two"); }, "format version");
  refuse([](Forged& f) { f.metadata("format", "another model"); }, "no balse model");
  refuse([](Forged& f) { f.metadata("clip", "sometimes"); }, "sometimes");
  refuse([&](Forged& f) { f.replace<double>("users.mean", {1}, {0.5}); }, "users.mean");
  refuse([&](Forged& f) { f.replace<std::uint32_t>("rated.item", {1}, {0}); }, "rated");
  refuse([&](Forged& f) { f.replace<std::uint8_t>("rated.value_index", {1}, {0}); }, "rated.value");
  refuse([&](Forged& f) { f.replace<double>("rated.value", {1}, {3}); }, "rated.value_index");
  refuse([&](Forged& f) { f.replace<double>("gate", {3}, {0, 0, 0}); }, "gate");
  refuse([&](Forged& f) { f.replace<double>("clip", {2}, {2, -2}); }, "clip");
  refuse(
      [&](Forged& f) {
        f.replace<double>("als.user_factors", {users, 2}, std::vector<double>(users * 2));
      },
      "item_factors");
  std::vector<std::uint64_t> backwards(users + 1, 0);
  backwards[1] = 5;
  refuse([&](Forged& f) { f.replace("rated.start", {users + 1}, backwards); }, "rated.start");
  const auto tag =
      sample.model().parameters[index_of(Model::lasso)].sparse(LassoBlock::kCoefficients).index;
  std::vector<std::uint32_t> far(tag.begin(), tag.end());
  far.back() = 4'000'000'000;
  refuse([&](Forged& f) { f.replace("lasso.tag", {far.size()}, far); }, "lasso.tag");
}

TEST_CASE("a warm start finds what the model knows by id", "[model-file]") {
  const SampleModel sample;
  const TrainedModel& old = sample.model();
  IdIndex users;
  users.insert("new");
  users.insert("u5");
  IdIndex items;
  items.insert("i7");
  items.insert("new too");
  IdIndex tags;
  for (std::uint32_t tag = 12; tag-- > 0;) {
    tags.insert("t" + std::to_string(tag));  // the other way round
  }
  BalseOptions options;
  options.als.rank = 3;
  const FittedParameters start = warm_start(old, users, items, &tags, options);
  const auto check_row = [&](const ArraySpec& spec, std::uint32_t old_row, std::uint32_t row) {
    const auto before = old.parameters[index_of(Model::als)].matrix(spec).row(old_row);
    const auto now = start[index_of(Model::als)].matrix(spec).row(row);
    CHECK(std::equal(before.begin(), before.end(), now.begin(), now.end()));
  };
  check_row(AlsBlock::kUserFactors, *old.users.find("u5"), 1);
  check_row(AlsBlock::kItemFactors, *old.items.find("i7"), 0);
  // Who is new starts from random factors, as in a fit without a start.
  const Parameters random = AlsBlock::initial({.users = 2, .items = 2}, options.als);
  const auto of_new = start[index_of(Model::als)].matrix(AlsBlock::kUserFactors).row(0);
  const auto expected = random.matrix(AlsBlock::kUserFactors).row(0);
  CHECK(std::equal(of_new.begin(), of_new.end(), expected.begin(), expected.end()));
  CHECK(of_new[0] > 0.0);
  const SparseView lasso = start[index_of(Model::lasso)].sparse(LassoBlock::kCoefficients);
  CHECK(lasso.indices_of(0).empty());
  const auto old_tags = old.parameters[index_of(Model::lasso)]
                            .sparse(LassoBlock::kCoefficients)
                            .indices_of(*old.users.find("u5"));
  REQUIRE(lasso.indices_of(1).size() == old_tags.size());
  for (std::size_t k = 0; k < old_tags.size(); ++k) {
    CHECK(tags[lasso.indices_of(1)[old_tags.size() - 1 - k]] == old.tags[old_tags[k]]);
  }
  CHECK(misfit_of(old, options).empty());
  options.als.rank = 4;
  CHECK(misfit_of(old, options) == "ALS of rank 3 where 4 is asked for");
  CHECK(warm_start(old, users, items, &tags, options)[index_of(Model::als)].empty());
}

TEST_CASE("ALS stops at its tolerance, and goes on where it was", "[als]") {
  const SampleModel sample;
  const RatingMatrix matrix = make_rating_matrix(
      sample.ratings, [](std::size_t) { return true; }, 1);
  const RatingMeans means = compute_rating_means(matrix);
  AlsOptions options;
  options.rank = 3;
  options.iterations = 500;
  options.tolerance = 1e-5;
  AlsSummary cold;
  const Als als = fit_als(matrix, means, options, &cold);
  CHECK(cold.iterations > 3);
  CHECK(cold.iterations < 500);
  AlsSummary warm;
  fit_als(matrix, means, options, als.users, als.items, &warm);
  CHECK(warm.iterations < cold.iterations / 3 + 1);
  CHECK(warm.objective <= cold.objective);
  CHECK(warm.objective == Approx(cold.objective).epsilon(1e-4));

  // The objective, written out.
  double objective = 0.0;
  for (std::size_t user = 0; user < matrix.users(); ++user) {
    for (std::size_t k = 0; k < matrix.by_user.count(user); ++k) {
      const double error =
          als.predict(static_cast<std::uint32_t>(user), matrix.by_user.indices_of(user)[k]) -
          matrix.by_user.values_of(user)[k];
      objective += error * error;
    }
    for (const double u : als.users.row(user)) {
      objective += options.lambda * static_cast<double>(matrix.by_user.count(user)) * u * u;
    }
  }
  for (std::size_t item = 0; item < matrix.items(); ++item) {
    for (const double v : als.items.row(item)) {
      objective += options.lambda * static_cast<double>(matrix.by_item.count(item)) * v * v;
    }
  }
  CHECK(cold.objective == Approx(objective).epsilon(1e-12));
}
