#pragma once

#include <string>

namespace balse {

/// Where the program's parts are: ../lib/balse, seen from the executable. Empty where nothing
/// tells.
std::string module_folder();

/// A part of the program that is loaded when a command needs it, because the libraries it links
/// take longer to start than most commands run: a shared object in module_folder(), in the build
/// tree as where it is installed. Stays loaded until the process ends.
///
/// Returns the address of the function `entry` of the module `name`. Throws Error(no_input) where
/// the module is missing or does not load.
void* load_module(const std::string& name, const char* entry);

}  // namespace balse
