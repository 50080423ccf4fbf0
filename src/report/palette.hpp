#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace balse::report {

/// A colour of the figures: as it is in their files, on white, and as the page has it, by a
/// variable that says another colour where the reader's screen is dark.
struct Colour {
  std::string_view variable;  ///< of CSS, "--ink"
  std::string_view light;     ///< "#rrggbb"
  std::string_view dark;
};

inline constexpr Colour kPaper = {"--paper", "#ffffff", "#14171c"};
inline constexpr Colour kInk = {"--ink", "#1f2328", "#e6e9ee"};
inline constexpr Colour kFaint = {"--faint", "#565e68", "#a5aeba"};  ///< text that matters less
inline constexpr Colour kGrid = {"--grid", "#d8dce2", "#343a43"};
inline constexpr Colour kBars = {"--bars", "#b9c3cf", "#4a5461"};

/// Told apart by people who see few colours, after Okabe and Ito; darker on white, lighter on
/// black, so that a thin line has contrast (3:1 or more) on both. The form of points and dashes
/// tell the rest apart.
std::span<const Colour> series_colours();

/// All of them.
std::span<const Colour> all_colours();

/// Colour and dashes of series `k` in gnuplot's words: "lc rgb '#0a62a8' dt 1"
std::string series_line(std::size_t k);
/// The form of its points: "pt 7"
std::string series_point(std::size_t k);
std::string_view series_colour(std::size_t k);

}  // namespace balse::report
