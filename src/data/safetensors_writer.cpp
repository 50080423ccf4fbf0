#include <algorithm>

#include <nlohmann/json.hpp>

#include "balse/data/safetensors.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"

#include "data/quick_hash.hpp"
#include "data/safetensors_format.hpp"

namespace balse {
namespace {

constexpr std::size_t kTensorAlignment = 8;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void SafetensorsWriter::write(AtomicFile& file) {
  // The widest elements first: then every tensor is aligned without holes between them.
  std::stable_sort(tensors_.begin(), tensors_.end(), [](const Entry& left, const Entry& right) {
    return size_of(left.dtype) > size_of(right.dtype);
  });
  nlohmann::ordered_json header;
  header["__metadata__"] = metadata_;
  std::uint64_t offset = 0;
  Sha256 data_hash;
  const auto describe = [&](const std::string& name, Dtype dtype,
                            const std::vector<std::uint64_t>& shape, std::uint64_t bytes) {
    header[name] = {
        {"dtype", name_of(dtype)}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  };
  for (const Entry& entry : tensors_) {
    describe(entry.name, entry.dtype, entry.shape, entry.bytes.size());
    data_hash.update(text_of(entry.bytes));
  }
  const std::string data_digest = data_hash.digest();
  for (const char* name : {kDataChecksum, kHeaderChecksum}) {
    describe(name, Dtype::u8, {data_digest.size()}, data_digest.size());
  }
  describe(kQuickChecksum, Dtype::u8, {QuickHash::kBytes}, QuickHash::kBytes);
  // Metadata may hold paths that are no UTF-8.
  std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.resize((text.size() + kTensorAlignment - 1) / kTensorAlignment * kTensorAlignment, ' ');
  if (text.size() > SafetensorsReader::kMaxHeader) {
    throw Error(ErrorKind::usage, {.found = "the metadata of the model would be too long",
                                   .hint = "a shorter command line"});
  }
  Sha256 header_hash;
  header_hash.update(text);

  const std::uint64_t length = text.size();
  file.write(text_of(std::as_bytes(std::span(&length, 1))));
  file.write(text);
  QuickHash quick_hash;
  const auto write = [&](std::string_view bytes) {
    quick_hash.update(bytes);
    file.write(bytes);
  };
  for (const Entry& entry : tensors_) {
    write(text_of(entry.bytes));
  }
  write(data_digest);
  write(header_hash.digest());
  file.write(quick_hash.digest());
}

}  // namespace balse
