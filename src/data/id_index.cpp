#include "balse/data/id_index.hpp"

#include <algorithm>
#include <cstring>

namespace balse {
namespace {

constexpr std::size_t kShort = 8;
constexpr std::uint64_t kLastFactor = 0xe7037ed1a0b428dbu;

// A multiply-and-fold hash over eight bytes at a time (the mixing step of wyhash): ids are a few
// bytes long, so the cost of one multiplication is all there is.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_long(std::string_view id) {
  std::uint64_t hash = 0x9e3779b97f4a7c15u ^ id.size();
  for (; id.size() > 8; id.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data(), 8);
    hash = fold(hash ^ word, 0xa0761d6478bd642fu);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, id.data(), id.size());
  return fold(hash ^ word, kLastFactor);
}

// At most 8 bytes as a number, different for different ids of the same length: by loads of fixed
// sizes that may overlap, which are faster than a copy of unknown size.
std::uint64_t pack_short(std::string_view id) {
  if (id.size() >= 4) {
    std::uint32_t front = 0;
    std::uint32_t back = 0;
    std::memcpy(&front, id.data(), 4);
    std::memcpy(&back, id.data() + id.size() - 4, 4);
    return front | static_cast<std::uint64_t>(back) << 32;
  }
  if (id.empty()) {
    return 0;
  }
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(id[i]); };
  return byte(0) | byte(id.size() / 2) << 8 | byte(id.size() - 1) << 16;
}

}  // namespace

IdIndex::Slot IdIndex::make_slot(std::string_view id) {
  return {.key = id.size() <= kShort ? pack_short(id) : hash_long(id),
          .length = static_cast<std::uint32_t>(id.size())};
}

std::uint64_t IdIndex::hash_of(const Slot& slot) {
  return slot.length <= kShort ? fold(slot.key ^ 0x9e3779b97f4a7c15u ^ slot.length, kLastFactor)
                               : slot.key;
}

// Where `id` is, or the free slot where it would be.
std::size_t IdIndex::find_slot(const Slot& wanted, std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_of(wanted) & mask;
  for (;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.entry == 0 || (slot.key == wanted.key && slot.length == wanted.length &&
                            (wanted.length <= kShort || (*this)[slot.entry - 1] == id))) {
      return at;
    }
  }
}

void IdIndex::grow() {
  std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.entry != 0) {
      std::size_t at = hash_of(slot) & mask;
      while (slots_[at].entry != 0) {
        at = (at + 1) & mask;
      }
      slots_[at] = slot;
    }
  }
}

std::uint32_t IdIndex::insert(std::string_view id) {
  if ((size() + 1) * 4 > slots_.size() * 3) {
    grow();
  }
  const Slot wanted = make_slot(id);
  Slot& slot = slots_[find_slot(wanted, id)];
  if (slot.entry == 0) {
    text_.append(id);
    offsets_.push_back(text_.size());
    slot = wanted;
    slot.entry = static_cast<std::uint32_t>(size());
  }
  return slot.entry - 1;
}

bool IdIndex::may_have(std::string_view id) const {
  constexpr std::size_t kLookedAt = 1000;
  constexpr std::string_view kDigits = "0123456789";
  if (find(id) || id.find_first_not_of(kDigits) == std::string_view::npos) {
    return true;
  }
  const auto some = static_cast<std::uint32_t>(std::min(size(), kLookedAt));
  for (std::uint32_t k = 0; k < some; ++k) {
    if ((*this)[k].find_first_not_of(kDigits) != std::string_view::npos) {
      return true;
    }
  }
  return some == 0;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view id) const {
  if (slots_.empty()) {
    return std::nullopt;
  }
  const std::uint32_t entry = slots_[find_slot(make_slot(id), id)].entry;
  if (entry == 0) {
    return std::nullopt;
  }
  return entry - 1;
}

}  // namespace balse
