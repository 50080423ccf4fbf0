#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace balse {

/// An interval of the rating scale; low lies below high.
struct ClipRange {
  double low = 0.0;
  double high = 0.0;
};

/// What people see of one option. It is declared once, in the visit() of the options it belongs to;
/// command line, --help, man page, validation, presets, config files and JSON all come from that.
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

/// What visit() shows every option to. A visitor may read the value or change it.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  virtual void number(const Field& field, const NumberRange& range, double& value) = 0;
  virtual void whole(const Field& field, const NumberRange& range, int& value) = 0;
  /// yes or no
  virtual void flag(const Field& field, bool& value) = 0;
  /// One of a few words; `value` is the position of the word.
  virtual void choice(const Field& field, std::span<const std::string_view> words, int& value) = 0;
  /// LOW:HIGH, or nothing.
  virtual void interval(const Field& field, std::optional<ClipRange>& value) = 0;

  /// The words of an enum whose values count from 0.
  template <typename Enum, std::size_t size>
  void choice(const Field& field, const std::array<std::string_view, size>& words, Enum& value) {
    int position = static_cast<int>(value);
    choice(field, std::span<const std::string_view>(words), position);
    value = static_cast<Enum>(position);
  }
};

/// The options of one block or blend, or of all training.
struct OptionGroup {
  std::string_view name;   ///< "als": what its options' names begin with; may be empty
  std::string_view title;  ///< "ALS": above them in --help
};

}  // namespace balse
