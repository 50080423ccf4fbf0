#pragma once

#include <cstdint>

namespace balse {

/// Shuts this process in, with all threads that it has or will have, until it ends. From then on it
/// can reckon, and talk by the descriptors it has; it can open no file, make no connection and no
/// process, change nothing of the file system, send no signal: the system refuses with EPERM. It
/// gets at most `memory` bytes of address space beyond what it has. Throws Error(usage) where the
/// system has no seccomp.
void confine(std::uint64_t memory);

}  // namespace balse
