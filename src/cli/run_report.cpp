#include "run_report.hpp"

#include <exception>
#include <new>
#include <sysexits.h>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"
#include "balse/version.hpp"

#include "creation_time.hpp"
#include "exit_codes.hpp"
#include "logger.hpp"
#include "path_conflicts.hpp"
#include "process.hpp"

namespace balse::cli {
namespace {

using ReportJson = nlohmann::ordered_json;

// Paths and command lines may hold bytes that are no UTF-8.
std::string report_text(const ReportJson& json) {
  return json.dump(2, ' ', false, ReportJson::error_handler_t::replace) + '\n';
}

}  // namespace

RunReport::RunReport(const std::string& path, std::vector<std::string> command_line,
                     std::chrono::seconds lock_wait)
    : path_(path), command_line_(std::move(command_line)) {
  if (const std::string lock = lock_path(path); !lock.empty()) {
    lock_.emplace(lock, FileLock::Afterwards::remove, lock_wait);
  }
  // Opened before the work: a report that cannot be written must not cost an hour.
  if (!path.empty()) {
    file_ = std::make_unique<ResultFile>(path);
  }
}

std::string RunReport::lock_path(const std::string& path) {
  return path.empty() || is_stream(path) ? "" : resolved_path(path) + ".lock";
}

void RunReport::run(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    failed(exit_code_of(error.kind()), error.what());
    throw;
  } catch (const std::bad_alloc&) {
    failed(EX_OSERR, kOutOfMemory);
    throw;
  } catch (const std::exception& error) {
    failed(EX_SOFTWARE, error.what());
    throw;
  }
}

void RunReport::done(const std::string& found) {
  if (path_.empty()) {
    return;
  }
  ReportJson json = {{"status", "ok"}, {"exit_code", done_exit_code()}};
  json.update(ReportJson::parse(found));
  json["warnings"] = warnings().first;
  write(report_text(json));
}

// Whatever goes wrong here must not hide what went wrong before.
void RunReport::failed(int exit_code, const char* reason) noexcept {
  if (path_.empty()) {
    return;
  }
  try {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    ReportJson json = {{"status", "failed"},
                       {"exit_code", exit_code},
                       {"reason", reason},
                       {"program", "balse"},
                       {"version", kVersion}};
    try {
      json["created"] = created_now();
    } catch (const Error&) {
      json["created"] = nullptr;  // which may be the reason
    }
    json["command_line"] = command_line_;
    json["seconds"] = seconds;
    json["warnings"] = warnings().first;
    if (!file_) {
      file_ = std::make_unique<ResultFile>(
          path_);  // the report of success was begun, and could not be written
    }
    write(report_text(json));
  } catch (const std::bad_alloc&) {
    // It is said on standard error all the same.
  } catch (const std::exception& error) {
    spdlog::warn("{}: no report: {}", printable(path_), error.what());
  }
}

void RunReport::write(const std::string& text) {
  const std::unique_ptr<ResultFile> file = std::move(file_);
  file->write(text);
  file->commit();
}

}  // namespace balse::cli
