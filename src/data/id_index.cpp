#include "balse/data/id_index.hpp"

#include <cstring>
#include <utility>

namespace balse {
namespace {

// A multiply-and-fold hash over eight bytes at a time (the mixing step of wyhash): ids are a few
// bytes long, so the cost of one multiplication is all there is.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_of(std::string_view id) {
  std::uint64_t hash = 0x9e3779b97f4a7c15u ^ id.size();
  while (id.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data(), 8);
    hash = fold(hash ^ word, 0xa0761d6478bd642fu);
    id.remove_prefix(8);
  }
  std::uint64_t word = 0;
  if (!id.empty()) {
    std::memcpy(&word, id.data(), id.size());
  }
  return fold(hash ^ word, 0xe7037ed1a0b428dbu);
}

}  // namespace

std::size_t IdIndex::slot_of(std::string_view id, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0 && (tags_[slot] != tag || (*this)[slots_[slot] - 1] != id)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void IdIndex::grow() {
  const std::size_t capacity = slots_.empty() ? 64 : slots_.size() * 2;
  slots_.assign(capacity, 0);
  tags_.assign(capacity, 0);
  for (std::uint32_t index = 0; index < size(); ++index) {
    const std::uint64_t hash = hash_of((*this)[index]);
    const std::size_t slot = slot_of((*this)[index], hash);
    slots_[slot] = index + 1;
    tags_[slot] = static_cast<std::uint32_t>(hash >> 32);
  }
}

std::uint32_t IdIndex::insert(std::string_view id) {
  if ((size() + 1) * 2 > slots_.size()) {
    grow();
  }
  const std::uint64_t hash = hash_of(id);
  const std::size_t slot = slot_of(id, hash);
  if (slots_[slot] == 0) {
    text_.append(id);
    offsets_.push_back(text_.size());
    slots_[slot] = static_cast<std::uint32_t>(size());
    tags_[slot] = static_cast<std::uint32_t>(hash >> 32);
  }
  return slots_[slot] - 1;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view id) const {
  if (slots_.empty()) {
    return std::nullopt;
  }
  const std::uint32_t entry = slots_[slot_of(id, hash_of(id))];
  if (entry == 0) {
    return std::nullopt;
  }
  return entry - 1;
}

}  // namespace balse
