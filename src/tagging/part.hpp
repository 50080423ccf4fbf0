#pragma once

#include <cstddef>
#include <string>

namespace balse {

/// load_module() of the module `name` and its entry of the same name, where there are `room` bytes
/// of address space for its libraries, which end or stop the process where there are not. Throws
/// Error(out_of_resources), or Error(no_input) where the module cannot be loaded.
void* load_part(const std::string& name, std::size_t room);

}  // namespace balse
