#include "html.hpp"

#include "escape.hpp"

namespace balse::report {
namespace {

std::string class_attribute(std::string_view css_class) {
  return css_class.empty() ? std::string() : " class=\"" + std::string(css_class) + "\"";
}

}  // namespace

std::string HtmlTable::escaped(std::string_view text) {
  return escape_html(text);
}

void HtmlTable::head(const std::vector<std::string>& texts) {
  head_ += "<tr>";
  for (const std::string& text : texts) {
    head_ += "<th scope=\"col\">" + escape_html(text) + "</th>";
  }
  head_ += "</tr>";
}

void HtmlTable::cell_html(const std::string& html, std::string_view css_class) {
  row_ += row_.empty() ? "<th scope=\"row\"><span>" + html + "</span></th>"
                       : "<td" + class_attribute(css_class) + ">" + html + "</td>";
}

void HtmlTable::end_row() {
  body_ += "<tr>" + row_ + "</tr>\n";
  row_.clear();
  ++rows_;
}

std::string HtmlTable::html() const {
  // What scrolls can be reached by the keyboard and has a name.
  return R"(<div class="scroll" tabindex="0" role="region" aria-label=")" + escape_html(caption_) +
         "\">\n<table" + class_attribute(class_) + ">\n<caption><span>" + escape_html(caption_) +
         "</span></caption>\n<thead>" + head_ + "</thead>\n<tbody>\n" + body_ +
         "</tbody>\n</table>\n</div>\n";
}

std::string paragraph(std::string_view text, std::string_view css_class) {
  return "<p" + class_attribute(css_class) + ">" + escape_html(text) + "</p>\n";
}

std::string section_heading(std::string_view id, std::string_view text) {
  return "<h2 id=\"" + escape_html(id) + "\">" + escape_html(text) + "</h2>\n";
}

std::string subheading(std::string_view text) {
  return "<h3>" + escape_html(text) + "</h3>\n";
}

std::string preformatted(std::string_view text, std::string_view name) {
  return R"(<pre tabindex="0" role="region" aria-label=")" + escape_html(name) + "\"><code>" +
         escape_html(text) + "</code></pre>\n";
}

std::string details(std::string_view summary_text, const std::string& html, bool open) {
  return "<details" + std::string(open ? " open" : "") + "><summary>" + escape_html(summary_text) +
         "</summary>\n" + html + "</details>\n";
}

std::string strong(std::string_view text) {
  return "<strong>" + escape_html(text) + "</strong>";
}

}  // namespace balse::report
