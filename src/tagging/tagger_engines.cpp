// Which engine runs a file of weights, and what files are that none runs.

#include <algorithm>
#include <array>
#include <string_view>

#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/onnx_model.hpp"
#include "balse/tagging/tagger_file.hpp"

namespace balse {
namespace {

using Head = std::span<const std::byte>;

bool has_at(Head head, std::size_t at, std::string_view text) {
  return head.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

bool is_zip(Head head) {
  return has_at(head, 0, "PK\3\4");
}

/// Eight bytes of length, then JSON.
bool is_safetensors(Head head) {
  return has_at(head, 8, "{\"");
}

bool is_anything(Head /*head*/) {
  return true;
}

constexpr std::array<TaggerEngine, 4> kEngines = {{
    {TaggerFormat::torchscript, "TorchScript", is_zip, "LibTorch", Isolation::confined},
    {TaggerFormat::safetensors, "Illustration2Vec, converted", is_safetensors, "LibTorch",
     Isolation::process},
    {TaggerFormat::onnx, "ONNX", is_onnx, "ONNX Runtime", Isolation::process},
    // Caffe's files have no mark; reading one tells whether it is.
    {TaggerFormat::caffemodel, "Illustration2Vec", is_anything, "LibTorch", Isolation::process},
}};

/// What people give that no engine takes.
struct Foreign {
  std::size_t at;
  std::string_view mark;
  const char* found;
  const char* hint;
};

constexpr const char* kDownload = "downloading the file itself: the page's \"resolve\" link";
constexpr const char* kExport = "an ONNX export of it";

constexpr Foreign kForeign[] = {
    {0, "version https://git-lfs", "a pointer of Git LFS and not the weights",
     "git lfs pull, or downloading the file itself"},
    {0, "<!DOCTYPE", "a web page", kDownload},
    {0, "<!doctype", "a web page", kDownload},
    {0, "<html", "a web page", kDownload},
    {0, "\x89HDF", "Keras or other HDF5", "an ONNX export of it (tf2onnx makes one)"},
    {4, "TFL3", "a TFLite model", kExport},
    {4, "ORTM", "a model in ONNX Runtime's own form", "the .onnx file that it was made of"},
    {0, "GGUF", "a GGUF model", kExport},
    {0, "\x80\x02", "a pickle, which runs whatever its maker wrote", kExport},
    {0, "\x80\x03", "a pickle, which runs whatever its maker wrote", kExport},
    {0, "\x80\x04", "a pickle, which runs whatever its maker wrote", kExport},
    {0, "\x80\x05", "a pickle, which runs whatever its maker wrote", kExport},
    {0, "\x1f\x8b", "a file packed by gzip", "unpacking it"},
    {0,
     "\xfd"
     "7zXZ",
     "a file packed by xz", "unpacking it"},
    {0, "\x28\xb5\x2f\xfd", "a file packed by zstd", "unpacking it"},
    {0, "7z\xbc\xaf", "a 7z archive", "unpacking it"},
    {0, "Rar!", "a RAR archive", "unpacking it"},
    {257, "ustar", "a tar archive", "unpacking it"},
    {0, "{", "JSON", "--tags for a list of tags, --tagger for a description, and the weights here"},
    {0, "[", "JSON", "--tags for a list of tags, and the weights here"},
    {0, "tag_id,", "a table of tags", "--tags for it, and the weights here"},
};

}  // namespace

std::span<const TaggerEngine> tagger_engines() {
  return kEngines;
}

const TaggerEngine& tagger_engine(const std::string& path) {
  const MappedFile file(path);
  constexpr std::size_t kHead = 4096;
  const Head head = file.bytes().first(std::min(kHead, file.bytes().size()));
  for (const Foreign& foreign : kForeign) {
    // A length of safetensors may look like anything.
    if (!is_safetensors(head) && has_at(head, foreign.at, foreign.mark)) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .found = std::string("this is ") + foreign.found,
                   .expected = "weights of a tagger: .caffemodel, converted .safetensors, .onnx, "
                               "TorchScript",
                   .hint = foreign.hint});
    }
  }
  return *std::find_if(kEngines.begin(), kEngines.end(),
                       [&](const TaggerEngine& engine) { return engine.recognises(head); });
}

}  // namespace balse
