#pragma once

#include <map>
#include <string>

#include "balse/data/safetensors.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

/// The version of the model file's layout, raised when a reader of the old one would misread the
/// new one. Models are written in the lowest version that says what they hold: 2 is of those that
/// know features of items, without which a program would predict something else.
inline constexpr int kModelFormatVersion = 2;

/// Metadata keys that a model file always has. Further ones are for people and programs that ask
/// where a model comes from; "manifest" is JSON.
inline constexpr const char* kModelFormat = "balse model";

/// Writes a model as safetensors. Tensors (F64 unless said otherwise; u users, i items, t tags, r
/// rank, nnz stored elements; texts are UTF-8 one after another with their offsets):
///     users.id.bytes U8, users.id.start U64 (u+1); the same for items.id, tags.name, items.title,
///     items.category; users.feature (fit --user-features); items.feature (i, components; fit
///     --features);
///     als.user_factors (u, r), als.item_factors (i, r), als.user_offset (u);
///     lasso.start U64 (u+1), lasso.tag U32 (nnz), lasso.coefficient (nnz), lasso.intercept (u);
///     tags.start U64 (i+1), tags.tag U32 (nnz), tags.weight F32 (nnz);
///     users.mean (u), users.count U32 (u), items.mean (i), items.count U32 (i), ratings.global
///     (3): mean, lowest, highest; gate (2): slope and offset of sigma(slope R_j + offset),
///     gate.count U32 (i): R_j; clip (2): low and high; rated.start U64 (u+1), rated.item U32
///     (ratings), rated.value (ratings), or where there are few different ones (at most 256)
///     rated.value_index U8 (ratings) into them; neighbours.start U64 (i+1), neighbours.item U32
///     (nnz), neighbours.weight (nnz).
/// Without tags at fit, those of lasso, tags and gate are missing; items may have fewer rows in
/// als.item_factors, items.mean, items.count and gate.count than ids: the rest is unseen.
void write_model(AtomicFile& file, const TrainedModel& model,
                 const std::map<std::string, std::string>& metadata);

/// A model file, mapped. Throws Error: what SafetensorsReader throws, and bad_data where the file
/// is no model, of a newer format version, or its tensors do not fit each other.
class ModelFile {
 public:
  explicit ModelFile(std::string path);

  const TrainedModel& model() const { return model_; }
  /// For items that come with tags of their own, see add_item_tags().
  TrainedModel& model() { return model_; }
  const SafetensorsReader& file() const { return file_; }
  /// A metadata value, "" where there is none.
  std::string metadata(const std::string& key) const;

 private:
  SafetensorsReader file_;
  TrainedModel model_;
};

}  // namespace balse
