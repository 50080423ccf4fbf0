#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace balse::report {

// Pieces of the page. What is called `text` is escaped here; what is called `html` is not.

/// A table that scrolls by itself where it is too wide. The first cell of a row is its header.
class HtmlTable {
 public:
  explicit HtmlTable(std::string_view caption_text, std::string_view css_class = {})
      : caption_(caption_text), class_(css_class) {}

  /// The column headers.
  void head(const std::vector<std::string>& texts);
  /// A cell of the row that is being made.
  void cell(std::string_view text) { cell_html(escaped(text)); }
  void cell_html(const std::string& html, std::string_view css_class = {});
  void end_row();
  std::size_t rows() const { return rows_; }

  std::string html() const;

 private:
  static std::string escaped(std::string_view text);

  std::string caption_;
  std::string class_;
  std::string head_;
  std::string body_;
  std::string row_;
  std::size_t rows_ = 0;
};

std::string paragraph(std::string_view text, std::string_view css_class = {});
/// <h2 id=...>
std::string section_heading(std::string_view id, std::string_view text);
std::string subheading(std::string_view text);
/// Text in its own lines, as of a file.
std::string preformatted(std::string_view text, std::string_view name);
/// What opens on demand; on paper it is open.
std::string details(std::string_view summary_text, const std::string& html, bool open = false);
std::string strong(std::string_view text);

}  // namespace balse::report
