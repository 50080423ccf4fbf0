#include "model_input.hpp"

#include <spdlog/spdlog.h>

#include "balse/data/tags_reader.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

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
}

const TrainedModel& ModelInput::open() {
  file_ = std::make_unique<ModelFile>(model_path_);
  TrainedModel& model = file_->model();
  if (tags_path_.empty()) {
    return model;
  }
  if (!model.has_tags()) {
    throw Error(ErrorKind::usage,
                {.file = model_path_,
                 .found = "was trained without tags, so --tags says nothing to it",
                 .hint = "balse fit with --tags"});
  }
  ReadTagsSummary summary;
  new_items_ = add_item_tags(model, read_tags(tags_path_, {}, summary));
  if (!summary.guess.empty()) {
    spdlog::info("{}: {}", tags_path_, summary.guess);
  }
  if (new_items_.unknown_tags > 0) {
    spdlog::warn("{}: ignored {} that the model does not have", tags_path_,
                 counted(new_items_.unknown_tags, "tag"));
  }
  return model;
}

}  // namespace balse::cli
