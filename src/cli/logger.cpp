#include "logger.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <sysexits.h>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "balse/support/printable.hpp"

#include "exit_codes.hpp"

namespace balse::cli {
namespace {

class PrintableMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const std::string text =
        escape(std::string_view(message.payload.data(), message.payload.size()));
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableMessage>();
  }
};

/// One a process, as spdlog's default logger is.
struct LoggerState {
  Warnings warnings;
  bool quiet = false;
  bool strict = false;
};
LoggerState logger_state;

/// Sees every warning, wherever it is said.
class WarningSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (message.level != spdlog::level::warn) {
      return;
    }
    Warnings& warnings = logger_state.warnings;
    ++warnings.count;
    if (warnings.first.size() < Warnings::kKept) {
      warnings.first.push_back(
          escape(std::string_view(message.payload.data(), message.payload.size())));
    }
  }
  void flush_() override {}
};

}  // namespace

void prepare_logger() {
  spdlog::set_default_logger(spdlog::stderr_color_st("balse"));
  spdlog::default_logger()->sinks().push_back(std::make_shared<WarningSink>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PrintableMessage>('*').set_pattern("balse: %^%l%$: %*");
  spdlog::set_formatter(std::move(formatter));
}

void be_quiet() {
  logger_state.quiet = true;
  spdlog::default_logger()->sinks().front()->set_level(spdlog::level::warn);
}

bool is_quiet() {
  return logger_state.quiet;
}

const Warnings& warnings() {
  return logger_state.warnings;
}

void be_strict() {
  logger_state.strict = true;
}

int done_exit_code() {
  return logger_state.strict && logger_state.warnings.count > 0 ? kDoneWithWarnings : EX_OK;
}

}  // namespace balse::cli
