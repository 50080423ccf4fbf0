#include "model/kernels/instruction_set.hpp"

namespace balse {

std::string_view name_of(InstructionSet set) {
  return set == InstructionSet::avx2 ? "avx2" : "baseline";
}

std::vector<InstructionSet> supported_instruction_sets() {
  std::vector<InstructionSet> sets = {InstructionSet::baseline};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    sets.push_back(InstructionSet::avx2);
  }
#endif
  return sets;
}

InstructionSet best_instruction_set() {
  return supported_instruction_sets().back();
}

}  // namespace balse
