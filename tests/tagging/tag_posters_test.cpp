#include "balse/tagging/tag_posters.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

/// So many posters whose content is their number; those of `broken` say "broken".
std::vector<Poster> posters_of(std::size_t count, const std::set<std::size_t>& broken = {}) {
  std::vector<Poster> posters;
  for (std::size_t k = 0; k < count; ++k) {
    const std::string text = broken.count(k) > 0 ? "broken" : std::to_string(k);
    std::vector<std::byte> content(text.size());
    std::memcpy(content.data(), text.data(), text.size());
    posters.push_back({.item = std::to_string(k),
                       .path = "-",
                       .content = std::make_shared<const std::vector<std::byte>>(content)});
  }
  return posters;
}

/// A picture of one pixel, of the number that the file holds; 16 bits of blue. Some take longer.
Image decode_number(std::span<const std::byte> file) {
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text == "broken") {
    throw Error(ErrorKind::bad_data, {.found = "no number", .hint = "another"});
  }
  const auto number = static_cast<std::uint16_t>(std::stoul(text));
  if (number % 7 == 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
  Image image{.width = 1, .height = 1, .sample_bytes = 2, .bytes = std::vector<std::uint8_t>(6)};
  std::memcpy(image.bytes.data(), &number, 2);
  return image;
}

/// Its only output is the input's first number; tells how large the batches were.
class FakeNetwork : public Network {
 public:
  std::size_t outputs() override { return 1; }
  void run(std::span<const float> inputs, std::size_t count,
           std::span<float> probabilities) override {
    REQUIRE(inputs.size() == count * 3);
    REQUIRE(probabilities.size() == count);
    for (std::size_t k = 0; k < count; ++k) {
      probabilities[k] = inputs[3 * k];
    }
    batches.push_back(count);
    ran += count;
    if (batches.size() == throw_at) {
      throw std::runtime_error("out of memory on the device");
    }
  }

  std::vector<std::size_t> batches;
  std::size_t throw_at = 0;
  std::atomic<std::size_t> ran = 0;
};

/// What it was told, in a line for each poster.
class NotingSink : public PosterSink {
 public:
  void tagged(const Poster& poster, std::span<const float> probabilities) override {
    REQUIRE(probabilities.size() == 1);
    const long number = std::lround(static_cast<double>(probabilities[0]) * 257.0);
    notes.push_back(poster.item + "=" + std::to_string(number));
    if (notes.size() == throw_at) {
      throw Error(ErrorKind::io, {.found = "disk full"});
    }
  }
  void failed(const Poster& poster, const std::string& reason) override {
    notes.push_back(poster.item + ": " + reason);
  }
  void batch_done() override { ++batches_done; }

  std::vector<std::string> notes;
  std::size_t batches_done = 0;
  std::size_t throw_at = 0;
};

TagPostersOptions options_of(std::size_t batch, int decoders) {
  return {.input = {.width = 1, .height = 1, .mean = {0.0F, 0.0F, 0.0F}},
          .batch = batch,
          .decoders = decoders};
}

}  // namespace

TEST_CASE("posters keep their order, however many threads decode them", "[tag_posters]") {
  const int decoders = GENERATE(1, 2, 5);
  const std::size_t batch = GENERATE(1, 3, 16);
  const std::set<std::size_t> broken = {0, 17, 18, 19, 20, 60, 99};
  const std::size_t count = GENERATE(0, 1, 100);
  CAPTURE(decoders, batch, count);
  FakeNetwork network;
  NotingSink sink;
  std::size_t made = 0;
  tag_posters(
      posters_of(count, broken), options_of(batch, decoders), decode_number,
      [&]() -> Network& {
        ++made;
        return network;
      },
      sink);
  REQUIRE(sink.notes.size() == count);
  for (std::size_t k = 0; k < count; ++k) {
    const std::string item = std::to_string(k);
    CHECK(sink.notes[k] ==
          (broken.count(k) > 0 ? item + ": no number; try another" : item + "=" + item));
  }
  CHECK(made == (count == 100 ? 1 : 0));
  // The broken ones take no place in a batch.
  for (std::size_t k = 0; k + 1 < network.batches.size(); ++k) {
    CHECK(network.batches[k] == batch);
  }
  CHECK(network.ran == (count == 100 ? 93 : 0));
  CHECK(sink.batches_done >= network.batches.size());
}

TEST_CASE("where no poster can be decoded, the network is not made", "[tag_posters]") {
  const std::set<std::size_t> all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  NotingSink sink;
  tag_posters(
      posters_of(10, all), options_of(3, 2), decode_number,
      []() -> Network& { throw std::logic_error("a network is made"); }, sink);
  CHECK(sink.notes.size() == 10);
}

TEST_CASE("files are read by the decoders, and those that cannot be read are told of",
          "[tag_posters]") {
  const TemporaryFolder folder;
  const std::vector<Poster> posters = {{.item = "a", .path = folder.write("a", "11")},
                                       {.item = "gone", .path = folder.path("gone")},
                                       {.item = "b", .path = folder.write("b", "12")},
                                       {.item = "folder", .path = folder.path()}};
  FakeNetwork network;
  NotingSink sink;
  tag_posters(
      posters, options_of(16, 2), decode_number, [&]() -> Network& { return network; }, sink);
  REQUIRE(sink.notes.size() == 4);
  CHECK(sink.notes[0] == "a=11");
  CHECK_THAT(sink.notes[1], Contains("gone: cannot be read: No such file"));
  CHECK(sink.notes[2] == "b=12");
  CHECK_THAT(sink.notes[3], Contains("folder: cannot be read: "));
}

TEST_CASE("of an item's files the first that can be decoded counts", "[tag_posters]") {
  const TemporaryFolder folder;
  const std::string good = folder.write("good", "11");
  const std::string broken = folder.write("bad", "broken");
  const std::string gone = folder.path("gone");
  const std::vector<Poster> posters = {
      {.item = "a", .path = good, .alternatives = {folder.write("other", "12")}},
      {.item = "b", .path = broken, .alternatives = {gone, good, broken}},
      {.item = "c", .path = broken, .alternatives = {gone}}};
  FakeNetwork network;
  NotingSink sink;
  tag_posters(
      posters, options_of(16, 2), decode_number, [&]() -> Network& { return network; }, sink);
  REQUIRE(sink.notes.size() == 3);
  CHECK(sink.notes[0] == "a=11");
  CHECK(sink.notes[1] == "b=11");
  CHECK_THAT(sink.notes[2], Contains("c: no number; try another; nor " + gone) &&
                                Contains("cannot be read: No such file"));
}

TEST_CASE("whatever a decoder throws fails its poster only", "[tag_posters]") {
  FakeNetwork network;
  NotingSink sink;
  const auto decode = [](std::span<const std::byte> file) {
    const Image image = decode_number(file);
    if (image.bytes[0] == 1) {
      throw std::bad_alloc();
    }
    if (image.bytes[0] == 2) {
      throw std::runtime_error("a library's words");
    }
    return image;
  };
  tag_posters(
      posters_of(4), options_of(2, 2), decode, [&]() -> Network& { return network; }, sink);
  REQUIRE(sink.notes.size() == 4);
  CHECK(sink.notes[0] == "0=0");
  CHECK_THAT(sink.notes[1], Contains("memory"));
  CHECK_THAT(sink.notes[2], Contains("a library's words"));
  CHECK(sink.notes[3] == "3=3");
}

TEST_CASE("an exception of sink, network or its making ends the run, and no thread hangs",
          "[tag_posters]") {
  const int decoders = GENERATE(1, 5);
  const auto posters = posters_of(200, {3, 50});
  FakeNetwork network;
  NotingSink sink;
  const auto run = [&] {
    tag_posters(
        posters, options_of(4, decoders), decode_number, [&]() -> Network& { return network; },
        sink);
  };
  SECTION("the sink's") {
    sink.throw_at = 10;
    CHECK_THROWS_WITH(run(), Contains("disk full"));
    CHECK(sink.notes.size() == 10);
  }
  SECTION("the network's") {
    network.throw_at = 3;
    CHECK_THROWS_WITH(run(), Contains("on the device"));
    CHECK(sink.notes.size() == 9);  // two batches of four, and a broken one
  }
  SECTION("of making it") {
    CHECK_THROWS_WITH(tag_posters(
                          posters, options_of(4, decoders), decode_number,
                          []() -> Network& { throw std::runtime_error("no CUDA"); }, sink),
                      Contains("no CUDA"));
    CHECK(sink.notes.empty());
  }
}

TEST_CASE("an answer that is no probability ends the run", "[tag_posters]") {
  class Logits final : public Network {
   public:
    explicit Logits(float answer) : answer_(answer) {}
    std::size_t outputs() override { return 1; }
    void run(std::span<const float> /*inputs*/, std::size_t /*count*/,
             std::span<float> probabilities) override {
      std::fill(probabilities.begin(), probabilities.end(), 0.5F);
      probabilities.back() = answer_;
    }

   private:
    float answer_;
  };
  for (const float answer : {-0.001F, 1.001F, INFINITY, -INFINITY, NAN}) {
    CAPTURE(answer);
    Logits network(answer);
    NotingSink sink;
    const Error error = error_of([&] {
      tag_posters(
          posters_of(3, {}), options_of(2, 1), decode_number, [&]() -> Network& { return network; },
          sink);
    });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("no probability") && Contains("--activation"));
    CHECK(sink.notes.empty());
  }
}

TEST_CASE("no more than two batches are decoded ahead of the network", "[tag_posters]") {
  const int decoders = GENERATE(1, 2, 5);
  const std::size_t batch = GENERATE(1, 4);
  std::atomic<std::size_t> decoded = 0;
  std::size_t furthest = 0;
  /// Slow enough that decoders would run away from it.
  class SlowNetwork : public FakeNetwork {
   public:
    SlowNetwork(const std::atomic<std::size_t>& decoded, std::size_t& furthest)
        : decoded_(decoded), furthest_(furthest) {}
    void run(std::span<const float> inputs, std::size_t count,
             std::span<float> probabilities) override {
      FakeNetwork::run(inputs, count, probabilities);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      furthest_ = std::max(furthest_, decoded_ - ran);
    }

   private:
    const std::atomic<std::size_t>& decoded_;
    std::size_t& furthest_;
  };
  SlowNetwork network(decoded, furthest);
  NotingSink sink;
  tag_posters(
      posters_of(60), options_of(batch, decoders),
      [&](std::span<const std::byte> file) {
        ++decoded;
        return decode_number(file);
      },
      [&]() -> Network& { return network; }, sink);
  CHECK(sink.notes.size() == 60);
  CHECK(furthest <= 2 * batch);
  CHECK(furthest > 0);  // but some are, while the network is busy
}
