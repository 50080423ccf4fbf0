#pragma once

#include <string_view>
#include <vector>

namespace balse {

/// What the hot kernels are compiled for. The program itself is built for any x86-64; each kernel
/// file K.inl is compiled by K_baseline.cpp and K_avx2.cpp (the latter with -mavx2 -mfma) into a
/// table of functions, and best_instruction_set() picks the table at run time. A kernel file must
/// not call inline functions of the standard library: the linker keeps one copy of each, and it
/// could be the one compiled for AVX2.
enum class InstructionSet { baseline, avx2 };

std::string_view name_of(InstructionSet set);

/// All that this processor runs, baseline first; tests try every one.
std::vector<InstructionSet> supported_instruction_sets();

/// The last of supported_instruction_sets().
InstructionSet best_instruction_set();

}  // namespace balse
