#include "model_input.hpp"

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
}

ModelInput::Identity ModelInput::look_at_file() const {
  struct stat status = {};
  if (::stat(model_path_.c_str(), &status) != 0) {
    return {};
  }
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .seconds = status.st_mtim.tv_sec,
          .nanoseconds = status.st_mtim.tv_nsec,
          .bytes = status.st_size};
}

void ModelInput::open_into(Opened& opened) const {
  opened.file = std::make_unique<ModelFile>(model_path_);
  if (!tags_path_.empty()) {
    take_tags(opened);
  }
  if (!user_features_path_.empty()) {
    take_user_features(opened);
  }
}

void ModelInput::take_tags(Opened& opened) const {
  TrainedModel& model = opened.file->model();
  if (!model.has_tags()) {
    throw Error(ErrorKind::usage,
                {.file = model_path_,
                 .found = "was trained without tags, so --tags says nothing to it",
                 .hint = "balse fit with --tags"});
  }
  ReadTagsSummary summary;
  opened.new_items = add_item_tags(model, read_tags(tags_path_, {}, summary));
  if (!summary.guess.empty()) {
    spdlog::info("{}: {}", tags_path_, summary.guess);
  }
  if (opened.new_items.unknown_tags > 0) {
    spdlog::warn("{}: ignored {} that the model does not have", tags_path_,
                 counted(opened.new_items.unknown_tags, "tag"));
  }
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

const TrainedModel& ModelInput::open() {
  identity_ = look_at_file();  // before: what is replaced meanwhile is newer
  open_into(opened_);
  return opened_.file->model();
}

const TrainedModel* ModelInput::newer() {
  const Identity now = look_at_file();
  if (now == identity_ || now == Identity()) {  // a name that is gone is about to come back
    return nullptr;
  }
  identity_ = now;
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
