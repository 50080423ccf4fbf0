#pragma once

#include <string>

namespace balse::cli {

/// Now, in ISO 8601 and UTC, or what SOURCE_DATE_EPOCH says (reproducible-builds.org): then the
/// same input gives the same bytes. Throws Error(usage) where that is no time.
std::string created_now();

}  // namespace balse::cli
