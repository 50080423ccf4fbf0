#pragma once

#include <optional>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"

namespace balse::test {

/// The Error that `action` throws; a failed test and an empty Error where it throws none.
template <typename Action>
Error error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL_CHECK("no error was thrown");
  return {ErrorKind::io, {}};
}

}  // namespace balse::test
