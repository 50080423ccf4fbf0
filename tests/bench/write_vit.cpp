// Writes a vision transformer of random numbers as ONNX, in the shape of WD's taggers:
//   write_vit FILE [PATCH WIDTH HEADS BLOCKS]
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tagging/sample_vit.hpp"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 6) {
    std::cerr << "write_vit FILE [PATCH WIDTH HEADS BLOCKS]\n";
    return 64;
  }
  balse::test::SampleVit vit;
  if (argc == 6) {
    vit.patch = std::atoi(argv[2]);
    vit.width = std::atoi(argv[3]);
    vit.heads = std::atoi(argv[4]);
    vit.blocks = std::atoi(argv[5]);
  }
  vit.fill(1);
  std::ofstream(argv[1], std::ios::binary) << vit.onnx();
  return 0;
}
