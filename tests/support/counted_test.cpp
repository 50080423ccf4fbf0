#include "balse/support/counted.hpp"

#include <catch2/catch.hpp>

using balse::counted;

TEST_CASE("numbers go with the singular or the plural", "[counted]") {
  CHECK(counted(0, "rating") == "0 ratings");
  CHECK(counted(1, "rating") == "1 rating");
  CHECK(counted(2, "rating") == "2 ratings");
  CHECK(counted(1, "entry is", "entries are") == "1 entry is");
  CHECK(counted(3, "entry is", "entries are") == "3 entries are");
}
