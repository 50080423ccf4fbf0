#include "result_file.hpp"

#include "standard_output.hpp"

namespace balse::cli {

ResultFile::ResultFile(const std::string& path) {
  if (!path.empty() && path != "-") {
    file_.emplace(path);
  }
}

void ResultFile::write(std::string_view bytes) {
  if (!file_) {
    write_standard_output(bytes);
    return;
  }
  file_->write(bytes);
  if (file_->is_stream()) {
    file_->flush();
  }
}

void ResultFile::commit() {
  if (file_) {
    file_->commit();
  }
}

}  // namespace balse::cli
