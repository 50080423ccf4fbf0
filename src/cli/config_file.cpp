#include "config_file.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <utility>

#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::vector<ConfigItem> run() {
    for (skip_blank(); !at_end(); skip_blank()) {
      if (take('[')) {
        section();
      } else {
        item();
      }
      skip_spaces();
      skip_comment();
      if (!at_end() && !take('\n')) {
        fail("the end of the line");
      }
    }
    return std::move(items_);
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    const std::string_view rest = text_.substr(at_);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    throw Error(ErrorKind::bad_data,
                {.file = file_,
                 .line = line_,
                 .found = "is no TOML: " +
                          (line.empty() ? std::string("the line ends early") : shorten(line)),
                 .expected = expected});
  }

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (at_end() || text_[at_] != c) {
      return false;
    }
    line_ += c == '\n' ? 1 : 0;
    ++at_;
    return true;
  }
  void expect(char c, const char* what) {
    skip_spaces();
    if (!take(c)) {
      fail(what);
    }
  }
  void skip_spaces() {
    while (take(' ') || take('\t')) {
    }
  }
  void skip_comment() {
    if (peek() == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }
  void skip_blank() {
    do {
      skip_spaces();
      skip_comment();
    } while (take('\n'));
  }

  std::string key() {
    skip_spaces();
    if (peek() == '"' || peek() == '\'') {
      return string();
    }
    const std::size_t begin = at_;
    while (is_key_character(peek())) {
      ++at_;
    }
    if (at_ == begin) {
      fail("a key, as in als-rank = 20, or a section, as in [fit]");
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  void section() {
    const std::size_t begin = at_;
    section_ = key();
    expect(']', "a ] behind the name of a section");
    if (!keys_.insert(section_ + ".").second) {
      at_ = begin;
      fail("each section but once");
    }
    items_.push_back({.section = section_, .key = {}, .values = {}, .line = line_});
  }

  void item() {
    ConfigItem item{.section = section_, .key = {}, .values = {}, .line = line_};
    const std::size_t begin = at_;
    item.key = key();
    if (item.key.empty()) {
      fail("a key that is not empty");
    }
    expect('=', "a = behind the key");
    skip_spaces();
    if (take('[')) {
      array(item);
    } else {
      item.values.push_back(value(item.is_boolean));
    }
    if (!keys_.insert(section_ + "." + item.key).second) {
      at_ = begin;
      line_ = item.line;
      fail("each key but once");
    }
    items_.push_back(std::move(item));
  }

  void array(ConfigItem& item) {
    for (skip_blank(); !take(']'); skip_blank()) {
      bool ignored = false;
      item.values.push_back(value(ignored));
      skip_blank();
      if (!take(',') && peek() != ']') {
        fail("a comma or ] behind a value of an array");
      }
    }
  }

  std::string value(bool& is_boolean) {
    if (peek() == '"' || peek() == '\'') {
      return string();
    }
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(" \t\n#,]", at_), text_.size());
    std::string word(text_.substr(begin, at_ - begin));
    is_boolean = word == "true" || word == "false";
    if (!is_boolean && !is_config_number(word)) {
      at_ = begin;
      fail("a number, true, false, an array, or text in quotes");
    }
    word.erase(std::remove(word.begin(), word.end(), '_'), word.end());
    return word.front() == '+' ? word.substr(1) : word;
  }

  /// "basic" or 'literal'.
  std::string string() {
    const char quote = peek();
    std::string out;
    for (take(quote); !take(quote);) {
      if (at_end() || peek() == '\n') {
        fail("text that ends in the quotes it begins with, on its line");
      }
      const char c = text_[at_++];
      if (c == '\\' && quote == '"') {
        escape_sequence(out);
      } else {
        out += c;
      }
    }
    return out;
  }

  void escape_sequence(std::string& out) {
    constexpr std::string_view kLetters = "btnfr\"\\";
    constexpr std::string_view kMeanings = "\b\t\n\f\r\"\\";
    const char letter = peek();
    const std::size_t simple = kLetters.find(letter);
    const std::size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (!at_end() && simple != std::string_view::npos) {
      ++at_;
      out += kMeanings[simple];
      return;
    }
    const std::string_view hex = text_.substr(std::min(at_ + 1, text_.size())).substr(0, digits);
    std::uint32_t code = 0;
    const auto [stop, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    const bool is_code = digits > 0 && hex.size() == digits && error == std::errc() &&
                         stop == hex.data() + digits && code <= 0x10FFFF && code != 0 &&
                         (code < 0xD800 || code > 0xDFFF);
    if (!is_code) {
      --at_;
      fail(R"(an escape such as \n, \" or \u00e9; or text in single quotes, which has none)");
    }
    at_ += 1 + digits;
    append_utf8(out, code);
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::string section_;
  std::set<std::string> keys_;
  std::vector<ConfigItem> items_;
};

}  // namespace

std::vector<ConfigItem> parse_config(std::string_view text, const std::string& file) {
  return Parser(text, file).run();
}

std::vector<ConfigItem> read_config(const std::string& path) {
  InputFile file(path);
  std::string text;
  for (std::string_view line; file.next_line(line);) {
    text.append(line).push_back('\n');
    if (text.size() > kLargestFile) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .found = "is larger than a megabyte",
                   .expected = "a config file: TOML, with keys like als-rank"});
    }
  }
  return parse_config(text, path);
}

}  // namespace balse::cli
