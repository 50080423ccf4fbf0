#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/data/tags_npz_writer.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "reading_options.hpp"
#include "result_file.hpp"

namespace balse::cli {
namespace {

class ConvertCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  enum class What { detect, ratings, tags, works };

  void write(What what, ReadRatingsSummary& summary, ResultFile& output) const;
  void write_detected(ReadRatingsSummary& summary, ResultFile& output) const;
  void write_ratings(ReadRatingsSummary& summary, ResultFile& output) const;
  void write_tags(ResultFile& output) const;
  void write_works(bool only_with_header, ResultFile& output) const;
  bool writes_npz() const { return output_path_.ends_with(".npz"); }

  ReadingOptions reading_{ReadingOptions::Inputs::one};
  Choice<What> what_{{"detect", What::detect},
                     {"ratings", What::ratings},
                     {"tags", What::tags},
                     {"works", What::works}};
  std::string output_path_ = "-";
};

void ConvertCommand::setup(CLI::App& app) {
  reading_.declare(app);
  app.add_option(
         "output", output_path_,
         "Where to write CSV (- is standard output), or a name that ends with .npz: tags as a "
         "sparse matrix that scipy reads")
      ->required()
      ->type_name("OUT");
  what_.declare(app, "--what", "What the input holds; told by its columns if not given")
      ->default_str("detect");
  reading_.declare_times(app);
}

std::vector<Example> ConvertCommand::examples() const {
  return {{"An export of MyAnimeList as user,item,rating",
           {"balse convert animelist.xml.gz ratings.csv"}},
          {"Lists of genres, or what a tagger wrote, as item,tag,weight",
           {"balse convert anime.csv tags.csv --what tags"}},
          {"As a sparse matrix", {"balse convert tags.csv tags.npz --what tags"}}};
}

// What is written is not in memory as a whole.
void write_piece(std::string& text, ResultFile& output) {
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  if (text.size() >= kPiece) {
    output.write(text);
    text.clear();
  }
}

void ConvertCommand::write_ratings(ReadRatingsSummary& summary, ResultFile& output) const {
  const Ratings ratings = reading_.read_ratings(summary);
  std::string text = ratings.time.empty() ? "user,item,rating\n" : "user,item,rating,timestamp\n";
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    append_field(text, ratings.users[ratings.user[k]], {});
    text += ',';
    append_field(text, ratings.items[ratings.item[k]], {});
    text += ',' + exact_text(ratings.value[k]);
    if (!ratings.time.empty()) {
      text += ',' + std::to_string(ratings.time[k]);
    }
    text += '\n';
    write_piece(text, output);
  }
  output.write(text);
  spdlog::info("{}: {} by {} of {}", output_path_, counted(ratings.size(), "rating"),
               counted(ratings.users.size(), "user"), counted(ratings.items.size(), "item"));
}

std::vector<std::string> texts_of(const IdIndex& ids) {
  std::vector<std::string> texts;
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    texts.emplace_back(ids[k]);
  }
  return texts;
}

void ConvertCommand::write_tags(ResultFile& output) const {
  ReadTagsSummary summary;
  const Tags tags = reading_.read_input_as_tags(summary);
  spdlog::info("{}: {} of {} on {}", output_path_, counted(tags.matrix.weight.size(), "weight"),
               counted(tags.names.size(), "tag"), counted(tags.items.size(), "item"));
  if (writes_npz()) {
    output.write(tags_as_npz(tags.matrix, texts_of(tags.items), texts_of(tags.names)));
    return;
  }
  std::string text = "item,tag,weight\n";
  for (std::uint32_t item = 0; item < tags.items.size(); ++item) {
    for (std::size_t k = 0; k < tags.matrix.count(item); ++k) {
      append_field(text, tags.items[item], {});
      text += ',';
      append_field(text, tags.names[tags.matrix.tags_of(item)[k]], {});
      text += ',' + exact_text(tags.matrix.weights_of(item)[k]) + '\n';
      write_piece(text, output);
    }
  }
  output.write(text);
}

// The lists that people keep name their works, too.
void ConvertCommand::write_works(bool only_with_header, ResultFile& output) const {
  Works works;
  try {
    ReadWorksSummary summary;
    works = read_works(reading_.input_path(), {}, summary);
    if (only_with_header && !summary.had_header) {
      throw Error(ErrorKind::bad_data,
                  {.file = reading_.input_path(), .found = "has no header that names titles"});
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_data) {
      throw;
    }
    ReadRatingsSummary summary;
    static_cast<void>(reading_.read_ratings(summary));
    works = std::move(summary.works);
    if (works.items.size() == 0) {
      throw;
    }
  }
  std::string text = "item,title,category\n";
  for (std::uint32_t item = 0; item < works.items.size(); ++item) {
    append_field(text, works.items[item], {});
    text += ',';
    append_field(text, works.titles[item], {});
    text += ',';
    append_field(text, works.categories[item], {});
    text += '\n';
    write_piece(text, output);
  }
  output.write(text);
  spdlog::info("{}: {}", output_path_, counted(works.items.size(), "title"));
}

void ConvertCommand::write(What what, ReadRatingsSummary& summary, ResultFile& output) const {
  switch (what) {
    case What::detect:
      write_detected(summary, output);
      break;
    case What::ratings:
      write_ratings(summary, output);
      break;
    case What::tags:
      write_tags(output);
      break;
    case What::works:
      write_works(false, output);
      break;
  }
}

// What it can be read as, of which nothing is written before it is read whole: a file of ratings is
// no file of tags, nor one of titles. Where it is none, what is wrong with it as ratings is said.
// Standard input comes only once.
void ConvertCommand::write_detected(ReadRatingsSummary& summary, ResultFile& output) const {
  if (reading_.means_tags()) {
    write_tags(output);
    return;
  }
  if (reading_.input_path() == "-" || reading_.means_ratings()) {
    write_ratings(summary, output);
    return;
  }
  std::exception_ptr first;
  for (const What what : {What::ratings, What::tags, What::works}) {
    try {
      if (what == What::works) {
        write_works(true, output);
      } else {
        write(what, summary, output);
      }
      if (what != What::ratings) {
        spdlog::info("{}: taken for {} (--what)", reading_.input_path(),
                     what == What::tags ? "tags" : "titles");
      }
      return;
    } catch (const Error& error) {
      // Where the columns were those of ratings, what is wrong is a row.
      if (error.kind() != ErrorKind::bad_data || summary.rows > 1 || summary.had_header) {
        throw;
      }
      first = first ? first : std::current_exception();
    }
  }
  std::rethrow_exception(first);
}

void ConvertCommand::run(const std::vector<std::string>& /*command_line*/) {
  std::vector<NamedPath> files = reading_.paths();
  files.push_back(config());
  check_paths(files, {result_path(output_path_)});
  const What what = writes_npz() && what_.value() == What::detect ? What::tags : what_.value();
  if (writes_npz() && what != What::tags) {
    throw Error(ErrorKind::usage, {.file = output_path_,
                                   .found = "only tags can be an .npz archive",
                                   .expected = "a name that ends with .csv",
                                   .hint = "--what tags, if that is what the input holds"});
  }
  ResultFile output(output_path_);
  ReadRatingsSummary summary;
  write(what, summary, output);
  output.commit();
}

}  // namespace

std::unique_ptr<Command> make_convert_command() {
  return std::make_unique<ConvertCommand>();
}

}  // namespace balse::cli
