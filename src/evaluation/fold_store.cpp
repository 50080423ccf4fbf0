#include "balse/evaluation/fold_store.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include "balse/model/training_json.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRun = "run";
constexpr const char* kTuned = "tuned";
constexpr const char* kSeconds = "seconds";

Json tuned_json(const std::vector<TunedFold>& tuned) {
  Json json = Json::array();
  for (const TunedFold& fold : tuned) {
    Json candidates = Json::array();
    for (const TunedCandidate& candidate : fold.candidates) {
      candidates.push_back({candidate.values, candidate.rmse, candidate.share});
    }
    json.push_back({{"fold", fold.fold},
                    {"model", static_cast<int>(fold.model)},
                    {"best", fold.best},
                    {"seconds", fold.seconds},
                    {"candidates", std::move(candidates)}});
  }
  return json;
}

std::vector<TunedFold> tuned_of(const Json& json) {
  std::vector<TunedFold> tuned;
  for (const Json& fold : json) {
    TunedFold& one = tuned.emplace_back();
    one.fold = fold.at("fold").get<std::size_t>();
    one.model = static_cast<Model>(fold.at("model").get<int>());
    one.best = fold.at("best").get<std::size_t>();
    one.seconds = fold.at("seconds").get<double>();
    for (const Json& candidate : fold.at("candidates")) {
      one.candidates.push_back({.values = candidate.at(0).get<OptionValues>(),
                                .rmse = candidate.at(1).get<double>(),
                                .share = candidate.at(2).get<double>()});
    }
  }
  return tuned;
}

}  // namespace

FoldStore::FoldStore(std::string folder, std::string run)
    : folder_(std::move(folder)), run_(std::move(run)) {
  std::error_code error;
  fs::create_directory(folder_, error);
  if (error || !fs::is_directory(folder_)) {
    throw Error(ErrorKind::cannot_create,
                {.file = folder_,
                 .found = "cannot be made: " +
                          (error ? system_message(error.value()) : std::string("it is a file")),
                 .hint = "another folder"});
  }
}

std::string FoldStore::path_of(std::size_t fold) const {
  return (fs::path(folder_) / ("fold-" + std::to_string(fold) + ".safetensors")).string();
}

std::unique_ptr<FoldStore::Fold> FoldStore::find(std::size_t fold, const Extents& extents) const {
  const std::string path = path_of(fold);
  if (!fs::exists(path)) {
    return nullptr;
  }
  try {
    StoredTraining file(path);
    if (file.metadata(kRun) != run_) {
      throw Error(ErrorKind::usage,
                  {.file = path,
                   .found = "is a fold of another run: of other data, options or folds, or of "
                            "another balse",
                   .hint = "another folder, or to remove this one"});
    }
    Training training = file.training(extents);
    std::vector<TunedFold> tuned = tuned_of(Json::parse(file.metadata(kTuned)));
    const double seconds = std::stod(file.metadata(kSeconds));
    return std::make_unique<Fold>(
        Fold{std::move(file), std::move(training), std::move(tuned), seconds});
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) {
      throw;
    }
    return nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  } catch (const std::logic_error&) {  // of stod
    return nullptr;
  }
}

void FoldStore::add(std::size_t fold, const Training& training, const std::vector<TunedFold>& tuned,
                    double seconds) const {
  AtomicFile file(path_of(fold));
  write_training(file, training,
                 {{kRun, run_}, {kTuned, tuned_json(tuned).dump()}, {kSeconds, text_of(seconds)}});
  file.commit();
}

void FoldStore::remove() const {
  std::error_code ignored;
  for (std::size_t fold = 0; fs::remove(path_of(fold), ignored); ++fold) {
  }
  fs::remove(folder_, ignored);  // only where it is empty
}

}  // namespace balse
