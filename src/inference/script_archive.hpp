#pragma once

#include <string>

namespace balse {

/// TorchScript is a zip archive whose checksums LibTorch 1.13 does not look at: a flipped bit would
/// become a weight. Throws Error(bad_data) where `path` is no such archive, where an entry is not
/// as its checksum says, and where it unpacks to far more than its own size.
void check_script_archive(const std::string& path);

}  // namespace balse
