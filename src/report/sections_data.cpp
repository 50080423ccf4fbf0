#include "escape.hpp"
#include "html.hpp"
#include "numbers.hpp"
#include "page.hpp"

namespace balse::report {
namespace {

std::string slices_table(const ResultsView& view, const std::string& by) {
  HtmlTable table("RMSE by " + by + ", test ratings of all folds together");
  bool weights = false;
  for (const Json& slice : view.part("slices")) {
    weights = weights || (text(at(slice, "by")) == by && number(at(slice, "gate_weight")));
  }
  std::vector<std::string> head = {by, "test ratings"};
  if (weights) {
    head.emplace_back("weight of ALS");
  }
  for (const ModelRow& model : view.models()) {
    head.push_back(model.title);
  }
  table.head(head);
  for (const Json& slice : view.part("slices")) {
    if (text(at(slice, "by")) != by) {
      continue;
    }
    table.cell(text(at(slice, "slice")));
    table.cell(grouped(count(at(slice, "rows"))));
    if (weights) {
      table.cell(fixed_or_dash(number(at(slice, "gate_weight")), 2));
    }
    std::optional<double> best;
    for (const ModelRow& model : view.models()) {
      const auto rmse = number(at(at(at(slice, "models"), model.name), "rmse"));
      best = rmse && (!best || *rmse < *best) ? rmse : best;
    }
    for (const ModelRow& model : view.models()) {
      const Json& figure = at(at(slice, "models"), model.name);
      const auto rmse = number(at(figure, "rmse"));
      const auto low = number(at(figure, "low"));
      const auto high = number(at(figure, "high"));
      const std::string value = fixed_or_dash(rmse, 4);
      table.cell_html(
          (rmse && rmse == best ? "<strong class=\"best\">" + value + "</strong>" : value) +
          (low && high ? "<small>" + fixed(*low, 3) + " to " + fixed(*high, 3) + "</small>" : ""));
    }
    table.end_row();
  }
  return table.rows() == 0 ? "" : table.html();
}

/// Pictures of these kinds only: another one would be no picture to a browser.
bool is_picture(const std::string& mime_type) {
  return mime_type == "image/jpeg" || mime_type == "image/png" || mime_type == "image/webp" ||
         mime_type == "image/gif";
}

std::string poster_html(const PosterWithTags& poster) {
  const std::string& name = poster.title.empty() ? poster.item : poster.title;
  std::string html = "<figure>\n";
  if (is_picture(poster.mime_type) && !poster.bytes.empty()) {
    html += "<img src=\"data:" + poster.mime_type + ";base64," + base64(poster.bytes) +
            "\" alt=\"" + escape_html("Poster of " + name) + "\">\n";
  }
  html += "<figcaption>" + strong(name);
  if (!poster.tags.empty()) {
    html += "<ul>";
    for (const PosterWithTags::Tag& tag : poster.tags) {
      html += "<li><span>" + escape_html(tag.name) + "</span><span>" + fixed(tag.weight, 2) +
              "</span></li>";
    }
    html += "</ul>";
  }
  return html + "</figcaption>\n</figure>\n";
}

}  // namespace

Section slices_section(const PageInputs& page) {
  Section section{.id = "slices", .title = "Where the errors are"};
  std::vector<std::string> figures;
  std::string tables;
  for (const std::string& by : slice_kinds()) {
    if (by != "item-count") {  // that one is beside the gate
      figures.push_back("rmse-by-" + by);
    }
    tables += slices_table(page.view, by);
  }
  section.html = figures_html(page, figures);
  if (!tables.empty()) {
    section.html += details("Figures as tables", tables);
  }
  return section;
}

Section data_section(const PageInputs& page) {
  Section section{.id = "data", .title = "Ratings and tags"};
  if (const Json& tags = page.view.part("tags"); tags.is_object()) {
    const std::uint64_t items = count(at(page.view.part("manifest"), "items"));
    const std::uint64_t with_tags = count(at(tags, "items_with_tags"));
    std::string sentence = grouped(with_tags, "item") + (with_tags == 1 ? " has" : " have") +
                           " tags, of " + grouped(count(at(tags, "tags")), "different one");
    if (items > 0) {
      sentence += "; that is " +
                  fixed(100.0 * static_cast<double>(with_tags) / static_cast<double>(items), 1) +
                  "% of the items that are rated";
    }
    section.html = paragraph(sentence + ".");
  }
  section.html +=
      figures_html(page, {"counts", "tags-per-item", "tags-most-used", "tags-loved-hated"});
  return section;
}

Section posters_section(const PageInputs& page) {
  Section section{.id = "posters", .title = "Posters and their tags"};
  for (const PosterWithTags& poster : page.inputs.posters) {
    section.html += poster_html(poster);
  }
  if (!section.html.empty()) {
    section.html = paragraph("What the network sees in some posters, and how sure it is.") +
                   "<div class=\"posters\">\n" + section.html + "</div>\n";
  }
  return section;
}

}  // namespace balse::report
