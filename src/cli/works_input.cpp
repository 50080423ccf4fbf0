#include "works_input.hpp"

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {

Works read_works_beside(const std::string& path, const std::string& columns, const IdIndex& rated,
                        ReadWorksSummary& summary) {
  ReadWorksOptions options;
  if (!columns.empty()) {
    options.columns = WorkColumns::parse(columns);
  }
  options.rated = &rated;
  Works works = read_works(path, options, summary);
  if (!summary.guess.empty()) {
    spdlog::info("{}: {}", path, summary.guess);
  }
  if (summary.duplicates > 0) {
    spdlog::warn(
        "{}: {} an item that has a title already, the first {} in line {}; the last counts", path,
        counted(summary.duplicates, "row names", "rows name"), shorten(summary.first_duplicate),
        summary.first_duplicate_line);
  }
  std::size_t matched = 0;
  for (std::uint32_t item = 0; item < works.items.size(); ++item) {
    matched += rated.find(works.items[item]) ? 1 : 0;
  }
  if (matched == 0) {
    spdlog::warn("{}: none of its items is rated; are the item ids the same?", path);
  } else if (matched < works.items.size()) {
    spdlog::info("{}: {} of {} {} not rated", path, works.items.size() - matched,
                 counted(works.items.size(), "title"),
                 works.items.size() - matched == 1 ? "is of an item" : "are of items");
  }
  return works;
}

}  // namespace balse::cli
