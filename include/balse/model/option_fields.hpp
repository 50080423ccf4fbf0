#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace balse {

/// An interval of the rating scale; low lies below high.
struct ClipRange {
  double low = 0.0;
  double high = 0.0;
};

/// The options of one block or blend, or of all training.
struct OptionGroup {
  std::string_view name;   ///< "als": what its options' names begin with; may be empty
  std::string_view title;  ///< "ALS": above them in --help
};

/// What people see of one option. It is declared once, in the visit() of the options it belongs to;
/// command line, --help, man page, validation, presets, config files and JSON all come from that.
/// Its default is what the member is initialised with.
struct Field {
  /// "rank", which in the group "als" is --als-rank, the key als-rank of a config file, and
  /// "rank" within "als" in JSON.
  std::string_view name;
  std::string_view sentence;    ///< for --help and the man page, without a full stop
  std::string_view alias = {};  ///< an older option that means the same: "rank" is --rank
};

/// The numbers that an option allows.
struct NumberRange {
  double low = 0.0;
  double high = 0.0;
  bool low_excluded = false;  ///< only what lies above low
};

using Words = std::span<const std::string_view>;

/// What visit() shows every option to. A visitor may read the value or change it.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  /// What is shown from now on belongs to `group`.
  void enter(const OptionGroup& group) { group_ = group; }

  virtual void number(const Field& field, const NumberRange& range, double& value) = 0;
  virtual void whole(const Field& field, const NumberRange& range, int& value) = 0;
  /// yes or no
  virtual void flag(const Field& field, bool& value) = 0;
  /// One of a few words; `value` is the position of the word.
  virtual void word(const Field& field, Words words, int& value) = 0;
  /// LOW:HIGH, or nothing.
  virtual void interval(const Field& field, std::optional<ClipRange>& value) = 0;

  /// A word for each value of an enum, which count from 0.
  template <typename Enum, std::size_t size>
  void choice(const Field& field, const std::array<std::string_view, size>& words, Enum& value) {
    int position = static_cast<int>(value);
    word(field, words, position);
    value = static_cast<Enum>(position);
  }

 protected:
  const OptionGroup& group() const { return group_; }
  /// "als-rank": the option without its hyphens, the key of a config file.
  std::string full_name(const Field& field) const;

 private:
  OptionGroup group_;
};

// The values as people write them. Each throws Error(usage) that names `option` ("als-rank"), what
// was found and what it allows.
double parse_number(const std::string& option, const NumberRange& range, std::string_view text);
int parse_whole(const std::string& option, const NumberRange& range, std::string_view text);
bool parse_flag(const std::string& option, std::string_view text);
int parse_word(const std::string& option, Words words, std::string_view text);
ClipRange parse_interval(const std::string& option, std::string_view text);

std::string text_of(double value);
std::string text_of(bool value);
std::string text_of(const ClipRange& value);

/// Gives each option that `text_of` knows a text of that value; its argument is the full name.
class FieldAssignment final : public FieldVisitor {
 public:
  using TextOf = std::function<std::optional<std::string>(const std::string& full_name)>;
  explicit FieldAssignment(TextOf text_of) : text_of_(std::move(text_of)) {}

  void number(const Field& field, const NumberRange& range, double& value) override;
  void whole(const Field& field, const NumberRange& range, int& value) override;
  void flag(const Field& field, bool& value) override;
  void word(const Field& field, Words words, int& value) override;
  void interval(const Field& field, std::optional<ClipRange>& value) override;

 private:
  TextOf text_of_;
};

/// Finds the first value that its option does not allow.
class FieldCheck final : public FieldVisitor {
 public:
  void number(const Field& field, const NumberRange& range, double& value) override;
  void whole(const Field& field, const NumberRange& range, int& value) override;
  void flag(const Field& field, bool& value) override;
  void word(const Field& field, Words words, int& value) override;
  void interval(const Field& field, std::optional<ClipRange>& value) override;

  /// Empty, or "--als-rank is 0; expected 1 to 1024".
  const std::string& sentence() const { return sentence_; }

 private:
  template <typename Parse>
  void check(const Parse& parse);

  std::string sentence_;
};

/// The sentence of FieldCheck for all that options.visit() shows.
template <typename Options>
std::string first_fault(Options options) {
  FieldCheck check;
  options.visit(check);
  return check.sentence();
}

}  // namespace balse
