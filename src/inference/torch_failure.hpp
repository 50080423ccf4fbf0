#pragma once

#include <exception>
#include <string>

namespace balse {

/// What an exception of LibTorch says, in one line: its messages go on for pages of stack.
std::string torch_failure(const std::exception& error);

}  // namespace balse
