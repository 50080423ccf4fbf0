#include "model_input.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/tags_reader.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "tags_input.hpp"

namespace balse::cli {

void ModelInput::declare(CLI::App& app) {
  app.add_option("--model", model_path_, "The model, as balse fit wrote it")
      ->required()
      ->type_name("FILE");
  app.add_option(
         "--tags", tags_path_,
         "Tags of items that came after the model, in any of the forms that balse fit reads; they "
         "replace those of items it has")
      ->type_name("FILE");
  app.add_option(
         "--user-features", user_features_path_,
         "What is known of users without ratings, in any of the forms that balse fit reads; "
         "of a model that was fitted with it")
      ->type_name("FILE");
  ratings_.declare(app);
}

std::vector<NamedPath> ModelInput::paths() const {
  std::vector<NamedPath> paths = ratings_.paths();
  paths.insert(
      paths.end(),
      {{"--model", model_path_}, {"--tags", tags_path_}, {"--user-features", user_features_path_}});
  return paths;
}

void ModelInput::check_watchable() const {
  for (const NamedPath& path : ratings_.paths()) {
    if (path.path == "-") {
      throw Error(ErrorKind::usage,
                  {.found = "--watch reads --ratings again, and standard input can be read once",
                   .expected = "a file of ratings"});
    }
  }
}

ModelInput::Identity ModelInput::look_at(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    return {};
  }
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .seconds = status.st_mtim.tv_sec,
          .nanoseconds = status.st_mtim.tv_nsec,
          .bytes = status.st_size};
}

std::vector<ModelInput::Identity> ModelInput::look_at_files() const {
  std::vector<Identity> identities = {look_at(model_path_)};
  for (const std::string& path : ratings_.files()) {
    identities.push_back(look_at(path));
  }
  const bool all_there =
      std::find(identities.begin(), identities.end(), Identity()) == identities.end();
  return all_there ? identities : std::vector<Identity>();
}

void ModelInput::open_into(Opened& opened) const {
  opened.file = std::make_unique<ModelFile>(model_path_);
  if (!tags_path_.empty()) {
    read_new_tags(opened);
  }
  if (ratings_.given()) {
    opened.folded_users = ratings_.fold_into(*opened.file, threads_);
  }
  if (!user_features_path_.empty()) {
    take_user_features(opened);  // of those who have not rated since the fit either
  }
}

void ModelInput::read_new_tags(Opened& opened) const {
  require_tags(opened.file->model(), "--tags");
  ReadTagsSummary summary;
  const NewItems& added = add_to(opened, read_tags(tags_path_, {}, summary));
  if (!summary.guess.empty()) {
    spdlog::info("{}: {}", tags_path_, summary.guess);
  }
  if (added.unknown_tags > 0) {
    spdlog::warn("{}: ignored {} that the model does not have", tags_path_,
                 counted(added.unknown_tags, "tag"));
  }
  if (added.new_items > 0 && opened.file->model().has_item_features()) {
    spdlog::info("{}: of {} the model has no --features, so an average drawing style is taken",
                 tags_path_, counted(added.new_items, "new item"));
  }
}

void ModelInput::require_tags(const TrainedModel& model, const std::string& source) const {
  if (!model.has_tags()) {
    throw Error(ErrorKind::usage,
                {.file = model_path_,
                 .found = "was trained without tags, so " + source + " says nothing to it",
                 .hint = "balse fit with --tags"});
  }
}

const NewItems& ModelInput::add_to(Opened& opened, const Tags& tags) {
  opened.new_items.push_back(add_item_tags(opened.file->model(), tags));
  return opened.new_items.back();
}

const NewItems& ModelInput::add_tags(const Tags& tags, const std::string& source) {
  require_tags(opened_.file->model(), source);
  return add_to(opened_, tags);
}

void ModelInput::take_user_features(Opened& opened) const {
  TrainedModel& model = opened.file->model();
  if (model.user_features.size() == 0) {
    throw Error(
        ErrorKind::usage,
        {.file = model_path_,
         .found = "was trained without user features, so --user-features says nothing to it",
         .hint = "balse fit --blend stack with --user-features"});
  }
  ReadTagsSummary summary;
  const auto features = read_user_features(user_features_path_, {}, summary);
  if (!features) {
    return;
  }
  opened.new_users = add_user_features(model, *features);
  if (opened.new_users.rated_users > 0) {
    spdlog::info("{}: passed over {} whose ratings the model knows", user_features_path_,
                 counted(opened.new_users.rated_users, "user"));
  }
  if (opened.new_users.unknown_features > 0) {
    spdlog::warn("{}: ignored {} that the model does not have", user_features_path_,
                 counted(opened.new_users.unknown_features, "feature"));
  }
}

const TrainedModel& ModelInput::open(int threads) {
  threads_ = threads;
  identities_ = look_at_files();  // before: what is replaced meanwhile is newer
  open_into(opened_);
  return opened_.file->model();
}

const TrainedModel* ModelInput::newer() {
  std::vector<Identity> now = look_at_files();
  if (now == identities_ || now.empty()) {  // a name that is gone is about to come back
    return nullptr;
  }
  return replace(std::move(now));
}

const TrainedModel* ModelInput::reopened() {
  const TrainedModel* const model = replace(look_at_files());
  if (model != nullptr) {
    spdlog::info("opened {} anew", printable(model_path_));
  }
  return model;
}

const TrainedModel* ModelInput::replace(std::vector<Identity> now) {
  identities_ = std::move(now);
  try {
    Opened opened;
    open_into(opened);
    before_ = std::move(opened_);
    opened_ = std::move(opened);
  } catch (const Error& error) {
    spdlog::warn("going on with the model of before: {}", error.what());
    return nullptr;
  }
  return &opened_.file->model();
}

}  // namespace balse::cli
