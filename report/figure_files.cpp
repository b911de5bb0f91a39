#include "report/figure_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/content.hpp"
#include "report/markup.hpp"
#include "report/story.hpp"

namespace pushlab::report {

namespace json = boost::json;

namespace {

constexpr double width = still_width + 40;
constexpr double margin = 20;
constexpr double legend_row = 20;

struct Look {
  std::string_view colour, dash;
};

// The page's light colours; these files are white wherever they are shown.
constexpr auto looks = std::to_array<Look>({
    {"#0072b2", "none"},
    {"#c65200", "9 4"},
    {"#00795c", "3 3"},
    {"#a8447f", "12 3 3 3"},
    {"#8f6a00", "6 2"},
    {"#4b5a6b", "2 4"},
    {"#7a4fc0", "14 5"},
    {"#a33a3a", "8 3 2 3 2 3"},
    {"#0072b2", "12 3 3 3"},
    {"#c65200", "none"},
    {"#00795c", "14 5"},
    {"#a8447f", "none"},
    {"#8f6a00", "2 4"},
    {"#4b5a6b", "9 4"},
    {"#7a4fc0", "3 3"},
    {"#a33a3a", "none"},
    {"#9aa2ab", "none"},
});

std::string style() {
  std::string text =
      "text{font:12px sans-serif;fill:#59626d}.t{font:bold 15px sans-serif;fill:#1b1f24}"
      ".n{fill:#1b1f24}.line{fill:none;stroke-width:2;stroke-linejoin:round}"
      ".whisker{fill:none;stroke-width:1.5}.band{fill-opacity:.13}"
      ".grid{stroke:#dfe3e8}.zone{fill:#1b1f24;fill-opacity:.08}"
      ".crossing{stroke:#1b1f24;stroke-width:1.5}.range{stroke:#1b1f24;stroke-width:1.5;fill:none}";
  for (std::size_t i = 0; i < looks.size(); ++i) {
    text += fmt::format(
        ".s{0} .line{{stroke:{1};stroke-dasharray:{2}}}.s{0} .whisker{{stroke:{1}}}"
        ".s{0} .band,.s{0} .dot,.s{0}.fill{{fill:{1}}}",
        i, looks[i].colour, looks[i].dash);
  }
  return text;
}

std::string picture(std::string const& title, double height, std::string const& inside) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\"><title>{2}</title><style>{3}</style>"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
      "<text class=\"t\" x=\"{4}\" y=\"30\">{2}</text>\n{5}</svg>\n",
      width, height, escape(title), style(), margin, inside);
}

// About as wide as it is drawn; text cannot be measured here.
double text_width(std::string_view text) {
  auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return 6.6 * static_cast<double>(std::ranges::count_if(text, begins));
}

// The longest beginning that fits, by whole characters.
std::string fitting(std::string const& text, double room) {
  if (text_width(text) <= room) return text;
  std::string cut = text;
  while (!cut.empty() && text_width(cut) + 6.6 > room) {
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xc0) == 0x80) cut.pop_back();
    if (!cut.empty()) cut.pop_back();
  }
  return cut + "…";
}

// Places the legend in rows from `y` on, and moves `y` below it.
std::string legend_rows(Chart const& chart, double& y) {
  std::string text;
  double x = margin;
  for (Series const& series : chart.series) {
    double const wanted = 36 + text_width(series.label) + 22;
    if (x > margin && x + wanted > width) {
      x = margin;
      y += legend_row;
    }
    text += fmt::format(
        "<g class=\"s{0}\"><path class=\"line\" d=\"M{1:.1f} {2:.1f}h28\"/></g>"
        "<text class=\"n\" x=\"{3:.1f}\" y=\"{4:.1f}\">{5}</text>",
        series.colour, x, y - 4, x + 36, y, escape(series.label));
    x += wanted;
  }
  y += legend_row;
  return text;
}

constexpr double bar_row = 22;
constexpr double name_width = 190;
constexpr double value_width = 92;

std::string bar_row_markup(Bar const& bar, double most, double y) {
  double const room = width - 2 * margin - name_width - value_width;
  double const left = margin + name_width;
  auto const at = [&](double v) { return left + (most > 0 ? std::min(v / most, 1.0) * room : 0); };
  std::string text = fmt::format(
      "<text class=\"n\" x=\"{}\" y=\"{:.1f}\">{}</text>"
      "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
      margin, y + 12, escape(fitting(bar.label, name_width - 8)), width - margin, y + 12,
      escape(bar.text));
  if (bar.value)
    text += fmt::format(
        "<rect class=\"fill s{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"15\"/>",
        bar.colour, left, y, std::max(at(*bar.value) - left, 0.5));
  if (bar.lo && bar.hi && *bar.hi > *bar.lo) {
    text += fmt::format(
        "<path class=\"range\" d=\"M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}v8M{1:.1f} "
        "{3:.1f}v8\"/>",
        at(*bar.lo), at(*bar.hi), y + 7.5, y + 3.5);
  }
  return text;
}

}  // namespace

std::string chart_picture(Chart const& chart) {
  double y = 56;
  std::string inside = legend_rows(chart, y);
  inside += fmt::format("<g transform=\"translate({} {:.1f})\">{}</g>", margin, y - 8,
                        still_lines(chart));
  return picture(chart.title, y + still_height, inside);
}

std::string bars_picture(std::string const& title, std::vector<Bars> const& all) {
  std::string inside;
  double y = 62;
  for (Bars const& bars : all) {
    inside += fmt::format(
        "<text class=\"n\" x=\"{}\" y=\"{:.1f}\" font-weight=\"bold\">{}{}</text>", margin, y,
        escape(bars.title), bars.unit.empty() ? "" : " (" + escape(bars.unit) + ")");
    y += 10;
    double const most = longest(bars);
    for (Bar const& bar : bars.bars) {
      inside += bar_row_markup(bar, most, y);
      y += bar_row;
    }
    y += 28;
  }
  return picture(title, y, inside);
}

std::vector<File> figure_files(std::vector<json::object> const& results) {
  Content const made = content(results);
  std::vector<File> files;
  for (Chart const& chart : made.charts)
    files.push_back({chart.file + ".svg", chart_picture(chart)});
  auto const all = sources(results);
  for (std::size_t i = 0; i < all.size(); ++i) {
    json::object const& result = all[i].result;
    std::vector<Bars> costs;
    for (std::string_view id : cost_metrics(result)) costs.push_back(metric_bars(result, id));
    for (Bars& bars : money_bars(result)) costs.push_back(std::move(bars));
    files.push_back({file_prefix(all[i].name, results.size() > 1 ? i + 1 : 0) + "costs.svg",
                     bars_picture(all[i].title + ": what it costs, with 95 % intervals", costs)});
  }
  return files;
}

}  // namespace pushlab::report
