#include "balse/support/large_vector.hpp"

#include <cstdint>
#include <utility>

#include <catch2/catch.hpp>

using namespace balse;

TEST_CASE("large and small vectors keep their numbers, and begin where they should",
          "[large-vector]") {
  const auto at = [](const LargeVector& vector) {
    return reinterpret_cast<std::uintptr_t>(vector.data());
  };
  for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, std::size_t{524288},
                                 std::size_t{524289}, std::size_t{3000000}}) {
    LargeVector vector(size);
    vector.front() = 1.0;
    vector.back() = 2.0;
    CHECK(at(vector) % 64 == 0);
    CHECK((size * sizeof(double) < (std::size_t{4} << 20) || at(vector) % (2 << 20) == 0));
    vector.resize(2 * size);
    CHECK(vector.front() == (size == 1 ? 2.0 : 1.0));
    CHECK(vector[size - 1] == 2.0);
    CHECK(vector.back() == 0.0);
    const LargeVector copy = vector;
    const LargeVector moved = std::move(vector);
    CHECK(copy == moved);
  }
}
