#include <charconv>
#include <cstdio>

#include "balse/synthesis/synthesize.hpp"

namespace balse {
namespace {

/// Hands lines on in large pieces.
class LineBuffer {
 public:
  explicit LineBuffer(const TextSink& sink) : sink_(sink) { text_.reserve(2 * kPiece); }

  LineBuffer& operator<<(std::string_view text) {
    text_ += text;
    return *this;
  }
  LineBuffer& operator<<(std::uint32_t number) {
    char digits[10];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
    text_.append(digits, end);
    return *this;
  }
  void end_line() {
    text_ += '\n';
    if (text_.size() >= kPiece) {
      flush();
    }
  }
  void flush() {
    sink_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16;
  const TextSink& sink_;
  std::string text_;
};

std::string quoted(const std::string& title) {
  return title.find(',') == std::string::npos ? title : '"' + title + '"';
}

struct Wording {
  std::string_view word;
  std::string_view value;
};

constexpr Wording kWordings[] = {{"favorite", "4"}, {"like", "2"},      {"neutral", "0.1"},
                                 {"dislike", "-2"}, {"willsee", "0.5"}, {"wontsee", "-0.5"}};

}  // namespace

std::string_view word_of(Opinion opinion) {
  return kWordings[static_cast<std::size_t>(opinion)].word;
}

std::string_view value_text_of(Opinion opinion) {
  return kWordings[static_cast<std::size_t>(opinion)].value;
}

void write_ratings_csv(const SyntheticData& data, bool numeric, const TextSink& sink) {
  LineBuffer lines(sink);
  lines << "user,item,rating\n";
  data.visit_ratings([&](std::uint32_t user, std::uint32_t item, Opinion opinion) {
    lines << user << "," << item << "," << (numeric ? value_text_of(opinion) : word_of(opinion));
    lines.end_line();
  });
  lines.flush();
}

void write_tags_csv(const SyntheticData& data, const TextSink& sink) {
  LineBuffer lines(sink);
  lines << "item,tag,weight\n";
  const TagMatrix& tags = data.tags();
  for (std::uint32_t item = 0; item < tags.items(); ++item) {
    for (std::size_t k = tags.start[item]; k < tags.start[item + 1]; ++k) {
      char weight[16];
      const auto [end, error] = std::to_chars(std::begin(weight), std::end(weight), tags.weight[k],
                                              std::chars_format::fixed, 3);
      lines << item << "," << data.tag_names()[tags.tag[k]] << "," << std::string_view(weight, end);
      lines.end_line();
    }
  }
  lines.flush();
}

void write_works_csv(const SyntheticData& data, const TextSink& sink) {
  LineBuffer lines(sink);
  lines << "item,title\n";
  for (std::uint32_t item = 0; item < data.tags().items(); ++item) {
    lines << item << "," << quoted(data.title(item));
    lines.end_line();
  }
  lines.flush();
}

}  // namespace balse
