#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/synthesis/poster_scene.hpp"

namespace balse {

/// The size and character of a synthetic data set. The defaults are the shape of Mangaki's, as the
/// paper and its authors' notebooks give it.
struct SynthesisOptions {
  std::size_t users = 2079;
  std::size_t items = 9979;
  std::size_t ratings = 334390;
  std::size_t tags = 503;     ///< not used with `posters`, whose tags are kPosterTags
  double poster_share = 0.8;  ///< of the items have a poster, hence tags; the rest has none
  double content = 0.65;      ///< 0 .. 1: how much of what an item is like its tags tell
  std::uint64_t seed = 0;
  bool posters = false;  ///< items are posters that can be drawn; their tags are what these show

  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// What a user says of an item on Mangaki; the last two before having seen it.
enum class Opinion { favorite, like, neutral, dislike, willsee, wontsee };

/// Mangaki's word for it.
std::string_view word_of(Opinion opinion);

/// The paper's value of it (section V.B), as text.
std::string_view value_text_of(Opinion opinion);

/// How users and items are drawn; see src/synthesis/taste.hpp.
class Taste;

/// A made-up data set of which the options and nothing else decide every bit. Ids are row numbers.
/// Holds what is known of the items and tags; ratings are drawn as they are visited, so that their
/// number costs no memory.
class SyntheticData {
 public:
  /// `options` must be valid.
  explicit SyntheticData(const SynthesisOptions& options);
  ~SyntheticData();
  SyntheticData(const SyntheticData&) = delete;
  SyntheticData& operator=(const SyntheticData&) = delete;

  using Visitor = std::function<void(std::uint32_t user, std::uint32_t item, Opinion opinion)>;

  /// Exactly options.ratings distinct (user, item) pairs, ascending; every user and every item
  /// occurs. The same at every call.
  void visit_ratings(const Visitor& visit) const;

  /// items x tags; an empty row for an item without a poster. Weights are multiples of 0.001 in
  /// [0.1, 1]; 1 with options.posters.
  const TagMatrix& tags() const { return tags_; }
  const std::vector<std::string>& tag_names() const { return tag_names_; }  ///< distinct

  /// What the poster of `item` shows, with its title, where options.posters; also where the data
  /// set hides it.
  PosterScene poster(std::uint32_t item) const;

  /// Distinct, readable, and now and then with a comma in it.
  std::string title(std::uint32_t item) const;

 private:
  /// Of all items, also of those whose poster is hidden.
  struct Shown {
    TagMatrix matrix;
    std::vector<double> tag_fame;  // how often each tag is shown, in any unit
  };
  Shown imagine_tags();
  Shown show_posters();

  SynthesisOptions options_;
  std::vector<double> fame_;  // by item, standard normal; the logarithm of how many rate it, scaled
  TagMatrix tags_;
  std::vector<std::string> tag_names_;
  std::unique_ptr<Taste> taste_;
};

/// Takes a piece of a text file.
using TextSink = std::function<void(std::string_view bytes)>;

/// user,item,rating; ratings as Mangaki's words, or as the paper's values if `numeric`.
void write_ratings_csv(const SyntheticData& data, bool numeric, const TextSink& sink);
/// item,tag,weight
void write_tags_csv(const SyntheticData& data, const TextSink& sink);
/// item,title
void write_works_csv(const SyntheticData& data, const TextSink& sink);

/// Called between the files, with how many are written and how many there are.
using PosterProgress = std::function<void(std::size_t done, std::size_t total)>;

enum class Existing { refuse, replace };

/// ITEM.jpg for every item that has a poster, into `folder`, which is made if it is missing; `data`
/// has options.posters. Throws Error where the folder holds posters of anything else, because
/// nobody could tell them apart, where it holds any that `existing` does not let go, and where a
/// file cannot be written.
void write_posters(const SyntheticData& data, const std::string& folder, Existing existing,
                   int threads, const PosterProgress& progress);

}  // namespace balse
