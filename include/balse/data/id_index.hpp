#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Text ids <-> dense indices 0 .. size()-1 in the order of first insertion. Ids become indices
/// once, at the door (reading), and text again once, at the way out (writing). At most 2^32 - 2
/// ids.
class IdIndex {
 public:
  /// The index of `id`, which gets the next free one if it is new.
  std::uint32_t insert(std::string_view id);

  /// The index of `id`, if it is known.
  std::optional<std::uint32_t> find(std::string_view id) const;

  /// Whether `id` is of the kind of those that are known: among ids of digits alone there is no
  /// word. Looks at the first thousand.
  bool may_have(std::string_view id) const;

  /// The text of `index`; undefined if index >= size(). Valid until the next insert().
  std::string_view operator[](std::uint32_t index) const {
    return std::string_view(text_).substr(offsets_[index], offsets_[index + 1] - offsets_[index]);
  }

  std::size_t size() const { return offsets_.size() - 1; }

 private:
  /// Ids of up to 8 bytes are held in the slot itself: nearly all are that short, and a lookup then
  /// costs one cache miss instead of three.
  struct Slot {
    std::uint64_t key = 0;    // the bytes of a short id, the hash of a long one
    std::uint32_t entry = 0;  // index + 1, 0 = free
    std::uint32_t length = 0;
  };

  static Slot make_slot(std::string_view id);
  static std::uint64_t hash_of(const Slot& slot);
  std::size_t find_slot(const Slot& wanted, std::string_view id) const;
  void grow();

  std::string text_;                          // all ids, one after another
  std::vector<std::uint64_t> offsets_ = {0};  // id i is text_[offsets_[i] .. offsets_[i+1])
  std::vector<Slot> slots_;                   // open addressing; a power of two long
};

}  // namespace balse
