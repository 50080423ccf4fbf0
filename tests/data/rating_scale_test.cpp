#include "balse/data/rating_scale.hpp"

#include <catch2/catch.hpp>

#include "support/errors.hpp"

using namespace balse;
using balse::test::error_of;

TEST_CASE("Mangaki's words have the paper's values", "[rating_scale]") {
  const RatingScale scale = RatingScale::mangaki();
  CHECK(scale.value_of("favorite") == 4.0F);
  CHECK(scale.value_of("love") == 4.0F);
  CHECK(scale.value_of("like") == 2.0F);
  CHECK(scale.value_of("neutral") == 0.1F);
  CHECK(scale.value_of("dislike") == -2.0F);
  CHECK(scale.value_of("willsee") == 0.5F);
  CHECK(scale.value_of("wontsee") == -0.5F);
  CHECK(scale.value_of("Like") == 2.0F);
  CHECK(!scale.value_of("likes"));
  CHECK(!scale.value_of("lik"));
  CHECK(!scale.value_of(""));
  CHECK(!scale.value_of("4"));
  CHECK(!scale.is_numeric());
}

TEST_CASE("numbers are themselves, and only finite ones are ratings", "[rating_scale]") {
  const RatingScale scale = RatingScale::numeric();
  CHECK(scale.is_numeric());
  CHECK(scale.value_of("7") == 7.0F);
  CHECK(scale.value_of("10") == 10.0F);
  CHECK(scale.value_of("-1") == -1.0F);
  CHECK(scale.value_of("3.5") == 3.5F);
  CHECK(scale.value_of("0.1") == 0.1F);
  CHECK(scale.value_of("1e1") == 10.0F);
  for (const char* text : {"", "nan", "NaN", "-nan", "inf", "-inf", "infinity", "1e39", "-1e39",
                           "1e999", "0x10", "3,5", "4 ", " 4", "4x", "x", "-", "1.2.3", "++1"}) {
    INFO(text);
    CHECK(!scale.value_of(text));
  }
}

TEST_CASE("a scale can be written by hand and described", "[rating_scale]") {
  const RatingScale scale = RatingScale::parse("like=1,dislike=-1.5");
  CHECK(scale.value_of("like") == 1.0F);
  CHECK(scale.value_of("dislike") == -1.5F);
  CHECK(!scale.value_of("neutral"));
  CHECK(scale.describe() == "like=1,dislike=-1.5");
  CHECK(RatingScale::parse("numeric").is_numeric());
  CHECK(RatingScale::parse("numeric").describe() == "numeric");
  const RatingScale mangaki = RatingScale::parse("mangaki");
  CHECK(RatingScale::parse(mangaki.describe()).words() == mangaki.words());
}

TEST_CASE("a scale that makes no sense is a usage error", "[rating_scale]") {
  for (const char* text : {"", "stars", "like", "like=", "=1", "like=1,", ",like=1", "like=nan",
                           "like=1,like=2", "like=x", "like=1e39"}) {
    INFO(text);
    CHECK(error_of([&] { RatingScale::parse(text); }).kind() == ErrorKind::usage);
  }
}
