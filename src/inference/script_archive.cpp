#include "script_archive.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <zip.h>

#include "balse/support/error.hpp"

namespace balse {
namespace {

/// Weights are stored as they are; only the code and its line numbers are packed.
constexpr std::uint64_t kUnpackedMore = std::uint64_t{64} << 20;

[[noreturn]] void refuse_archive(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found,
               .expected = "a TorchScript tagger, as torch.jit.save() writes it"});
}

}  // namespace

void check_script_archive(const std::string& path) {
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };
  int code = 0;
  const std::unique_ptr<zip_t, Discard> archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    refuse_archive(path, "no TorchScript, or one that ends early (" + message + ")");
  }
  std::uint64_t left = std::filesystem::file_size(path) + kUnpackedMore;
  std::vector<char> block(std::size_t{1} << 16);
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t k = 0; k < entries; ++k) {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> entry(
        zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(k), 0), zip_fclose);
    zip_int64_t count = entry ? 1 : -1;
    while (count > 0) {
      count = zip_fread(entry.get(), block.data(), block.size());
      if (count > 0 && static_cast<std::uint64_t>(count) > left) {
        refuse_archive(path, "a TorchScript that unpacks to far more than its own size");
      }
      left -= count > 0 ? static_cast<std::uint64_t>(count) : 0;
    }
    if (count < 0) {  // libzip compares the checksum at the end
      const char* const name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(k), 0);
      refuse_archive(path, "a damaged TorchScript: its entry " +
                               shorten(name != nullptr ? name : "") + " cannot be read");
    }
  }
}

}  // namespace balse
