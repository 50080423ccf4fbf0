#include "palette.hpp"

#include <algorithm>
#include <array>

namespace balse::report {
namespace {

constexpr std::array kSeries = {
    Colour{"--c0", "#6b7480", "#98a3b0"}, Colour{"--c1", "#9a6a00", "#e3b341"},
    Colour{"--c2", "#00755a", "#2fc99a"}, Colour{"--c3", "#0a62a8", "#5cb3f0"},
    Colour{"--c4", "#b5457f", "#ee93c0"}, Colour{"--c5", "#c24e00", "#ff9350"},
    Colour{"--c6", "#4b3fae", "#aba2ff"}, Colour{"--c7", "#1a1a1a", "#ffffff"},
    Colour{"--c8", "#a11d33", "#ff8a98"}, Colour{"--c9", "#1b8096", "#6fd3e6"},
};

constexpr std::array kPapers = {kPaper, kInk, kFaint, kGrid, kBars};

constexpr auto kAllColours = [] {
  std::array<Colour, kPapers.size() + kSeries.size()> all{};
  std::copy(kPapers.begin(), kPapers.end(), all.begin());
  std::copy(kSeries.begin(), kSeries.end(), all.begin() + kPapers.size());
  return all;
}();

/// gnuplot's filled forms first: circle, square, triangles, diamond, pentagon; then open ones.
constexpr std::array kPoints = {7, 5, 9, 11, 13, 15, 6, 4, 8, 10, 12};

}  // namespace

std::span<const Colour> series_colours() {
  return kSeries;
}

std::span<const Colour> all_colours() {
  return kAllColours;
}

std::string_view series_colour(std::size_t k) {
  return kSeries[k % kSeries.size()].light;
}

std::string series_line(std::size_t k) {
  return "lc rgb '" + std::string(series_colour(k)) + "' dt " +
         std::to_string(1 + k / kSeries.size() % 4);
}

std::string series_point(std::size_t k) {
  return "pt " + std::to_string(kPoints[k % kPoints.size()]);
}

}  // namespace balse::report
