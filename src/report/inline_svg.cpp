#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "escape.hpp"
#include "figures.hpp"
#include "palette.hpp"

namespace balse::report {
namespace {

constexpr std::array<std::string_view, 12> kElements = {"g",       "path",     "use",    "text",
                                                        "tspan",   "rect",     "circle", "defs",
                                                        "polygon", "polyline", "line",   "ellipse"};
/// Left out with all that is in them.
constexpr std::array<std::string_view, 3> kLeftOut = {"title", "desc", "filter"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view element_name(std::string_view tag) {
  tag.remove_prefix(tag.starts_with("</") ? 2 : 1);
  return tag.substr(0, tag.find_first_of(" \t\r\n/>"));
}

/// From '<' to its '>', which may stand within quotes; npos: it does not end.
std::size_t tag_length(std::string_view from) {
  char quote = '\0';
  for (std::size_t k = 1; k < from.size(); ++k) {
    if (quote != '\0') {
      quote = from[k] == quote ? '\0' : quote;
    } else if (from[k] == '"' || from[k] == '\'') {
      quote = from[k];
    } else if (from[k] == '>') {
      return k + 1;
    }
  }
  return std::string_view::npos;
}

/// "#0a62a8", "rgb( 10,  98, 168)", "black" and "white" as 0xrrggbb.
std::optional<std::uint32_t> colour_of(std::string_view text) {
  if (text == "black") {
    return 0;
  }
  if (text == "white") {
    return 0xffffff;
  }
  std::uint32_t value = 0;
  if (text.size() == 7 && text[0] == '#') {
    const auto read = std::from_chars(text.data() + 1, text.data() + 7, value, 16);
    return read.ptr == text.data() + 7 ? std::optional(value) : std::nullopt;
  }
  if (!text.starts_with("rgb(") || !text.ends_with(")")) {
    return std::nullopt;
  }
  text.remove_prefix(4);
  for (int part = 0; part < 3; ++part) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    std::uint32_t component = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), component);
    if (read.ec != std::errc{} || component > 255) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    value = value << 8 | component;
  }
  return value;
}

/// A colour as the page has it. gnuplot's own black is ink.
std::string page_colour(std::string_view text) {
  const std::optional<std::uint32_t> value = colour_of(text);
  if (!value) {
    return std::string(text);
  }
  for (const Colour& colour : all_colours()) {
    if (value == colour_of(colour.light)) {
      return "var(" + std::string(colour.variable) + ")";
    }
  }
  return value == 0U ? "var(--ink)" : std::string(text);
}

/// The tag with its attributes as the page has them; nothing where one is not for pictures.
std::optional<std::string> page_tag(std::string_view tag, const std::string& name) {
  std::string out = "<" + std::string(element_name(tag));
  std::size_t at = out.size();
  while (true) {
    at = tag.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || tag[at] == '>' || tag[at] == '/') {
      break;
    }
    const std::size_t equals = tag.find('=', at);
    const std::size_t quote =
        equals == std::string_view::npos ? equals : tag.find_first_not_of(" \t\r\n", equals + 1);
    if (quote == std::string_view::npos || (tag[quote] != '"' && tag[quote] != '\'')) {
      return std::nullopt;
    }
    const std::size_t end = tag.find(tag[quote], quote + 1);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    std::string_view key = tag.substr(at, equals - at);
    key = key.substr(0, key.find_first_of(" \t\r\n"));
    const std::string_view value = tag.substr(quote + 1, end - quote - 1);
    at = end + 1;
    if (key.starts_with("on") || key == "style") {
      return std::nullopt;
    }
    if (key == "id") {
      out += " id=\"" + name + "-" + std::string(value) + "\"";
    } else if (key == "xlink:href" || key == "href") {
      if (!value.starts_with("#")) {
        return std::nullopt;
      }
      out += " href=\"#" + name + "-" + std::string(value.substr(1)) + "\"";
    } else {
      out += " " + std::string(key) + "=\"" + page_colour(value) + "\"";
    }
  }
  return out + (tag.ends_with("/>") ? "/>" : ">");
}

std::string_view view_box(std::string_view tag) {
  constexpr std::string_view kKey = "viewBox=\"";
  const std::size_t begin = tag.find(kKey);
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = tag.substr(begin + kKey.size());
  const std::string_view box = rest.substr(0, rest.find('"'));
  return box.find_first_not_of("0123456789 .-") == std::string_view::npos ? box
                                                                          : std::string_view();
}

/// gnuplot has many groups with nothing in them.
void remove_empty_group(std::string& out) {
  const std::size_t begin = out.rfind('<');
  if (begin != std::string::npos && std::string_view(out).substr(begin).starts_with("<g") &&
      out.back() == '>') {
    out.resize(begin);
  } else {
    out += "</g>";
  }
}

/// One after the other: what stands between tags, and tags.
class Inliner {
 public:
  Inliner(std::string name, const std::string& label) : name_(std::move(name)), label_(label) {}

  bool take_text(std::string_view text) {
    if (left_out_.empty() && text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      out_ += text;
    }
    return true;
  }

  bool take_tag(std::string_view tag) {
    const std::string_view element = element_name(tag);
    const bool closing = tag.starts_with("</");
    if (!left_out_.empty()) {
      left_out_ = closing && element == left_out_ ? std::string() : left_out_;
      return true;
    }
    if (tag.starts_with("<?") || tag.starts_with("<!")) {
      return true;
    }
    if (element == "svg") {
      out_ += closing ? "</svg>" : svg_tag(tag);
      return true;
    }
    if (is_one_of(kLeftOut, element)) {
      left_out_ = closing || tag.ends_with("/>") ? "" : element;
      return true;
    }
    if (!is_one_of(kElements, element)) {
      return false;
    }
    if (closing) {
      element == "g" ? remove_empty_group(out_)
                     : static_cast<void>(out_ += "</" + std::string(element) + ">");
      return true;
    }
    const std::optional<std::string> mine = page_tag(tag, name_);
    out_ += mine.value_or("");
    return mine.has_value();
  }

  const std::string& text() const { return out_; }

 private:
  std::string svg_tag(std::string_view tag) const {
    return "<svg viewBox=\"" + std::string(view_box(tag)) + R"(" role="img" aria-label=")" +
           escape_html(label_) + "\">";
  }

  std::string name_;
  const std::string& label_;
  std::string left_out_;
  std::string out_;
};

}  // namespace

std::string inline_svg(std::string_view svg, const std::string& name,
                       const std::string& accessible_name) {
  Inliner inliner(name, accessible_name);
  while (!svg.empty()) {
    const std::size_t begin = std::min(svg.find('<'), svg.size());
    inliner.take_text(svg.substr(0, begin));
    svg.remove_prefix(begin);
    if (svg.empty()) {
      break;
    }
    const std::size_t length = tag_length(svg);
    if (length == std::string_view::npos || !inliner.take_tag(svg.substr(0, length))) {
      return {};
    }
    svg.remove_prefix(length);
  }
  return inliner.text();
}

}  // namespace balse::report
