#pragma once

#include <stdexcept>
#include <string>
#include <sysexits.h>

#include "cli/run_program.hpp"

namespace balse::test {

/// The path of a model of the demo data with its tags and titles, fitted once for all tests.
inline const std::string& demo_model() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    const std::string data = BALSE_SOURCE_DIR "/data/demo/";
    std::string model = folder.path("model");
    const Outcome outcome = run_balse({"fit", data + "ratings.csv", "--tags", data + "tags.csv",
                                       "--works", data + "works.csv", "--model", model});
    if (outcome.exit_code != EX_OK) {
      throw std::runtime_error("fit failed: " + outcome.err);
    }
    return model;
  }();
  return path;
}

}  // namespace balse::test
