#include "report/bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;

namespace {

// Of each row the first that was measured: the later ones say nearly the same.
constexpr auto wanted = std::to_array<std::array<std::string_view, 2>>({
    {"server_cpu_us_per_delivery", ""},
    {"syscalls_per_delivery", ""},
    {"wire_bytes_per_delivery", "bytes_per_delivery"},
    {"memory_kib_per_connection", ""},
    {"kernel_kib_per_connection", ""},
    {"useless_per_client_hour", "useless_requests"},
    {"connect_ms_p99", ""},
    {"setup_cpu_us", ""},
    {"setup_tls_cpu_us", ""},
    {"setup_resumed_cpu_us", ""},
});

bool is_measured(json::object const& result, std::string_view id) {
  auto const metrics = results::metrics();
  if (std::ranges::find(metrics, id, &results::Metric::id) == metrics.end()) return false;
  return std::ranges::any_of(array_at(result, "targets"), [&](json::value const& target) {
    return number_at(results::figure_of(target.as_object(), id), "value").has_value();
  });
}

std::string interval(std::optional<double> lo, std::optional<double> hi) {
  if (lo && !hi) return fmt::format("<small>{} – unbounded</small>", results::number(*lo));
  if (!lo || !hi || results::number(*lo) == results::number(*hi)) return {};
  return fmt::format("<small>{} – {}</small>", results::number(*lo), results::number(*hi));
}

std::string row(Bar const& bar, double most) {
  auto const percent = [&](double v) { return std::min(100.0, most > 0 ? v / most * 100 : 0); };
  std::string track;
  if (bar.value)
    track = fmt::format("<span class=\"fill s{}\" style=\"width:{:.2f}%\"></span>", bar.colour,
                        percent(*bar.value));
  if (bar.lo && bar.hi && *bar.hi > *bar.lo) {
    track += fmt::format("<span class=\"range\" style=\"left:{:.2f}%;width:{:.2f}%\"></span>",
                         percent(*bar.lo), percent(*bar.hi) - percent(*bar.lo));
  }
  return fmt::format(
      "<div class=\"bar\"><span class=\"name\">{}</span><span class=\"track\">{}</span>"
      "<span class=\"value\">{}</span></div>\n",
      escape(bar.label), track, bar.markup);
}

}  // namespace

std::vector<std::string_view> cost_metrics(json::object const& result) {
  std::vector<std::string_view> found;
  for (auto const& alternatives : wanted) {
    auto const* id = std::ranges::find_if(
        alternatives, [&](std::string_view one) { return is_measured(result, one); });
    if (id != alternatives.end()) found.push_back(*id);
  }
  return found;
}

Bars metric_bars(json::object const& result, std::string_view metric_id) {
  results::Metric const& metric = results::metric(metric_id);
  double const factor = metric.unit == "share" ? 100 : 1;
  Bars bars{std::string(metric.title),
            metric.unit == "share" ? "%" : std::string(metric.unit),
            std::string(metric.explanation),
            {}};
  auto const scaled = [&](std::optional<double> v) { return v ? std::optional(*v * factor) : v; };
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    json::object const& figure = results::figure_of(target, metric_id);
    bars.bars.push_back({title_of(target), colour_of(target), scaled(number_at(figure, "value")),
                         scaled(number_at(figure, "lo")), scaled(number_at(figure, "hi")),
                         results::quantity(figure, metric), figure_markup(target, metric_id)});
  }
  return bars;
}

namespace {

struct MoneyUnit {
  std::string_view name;
  double usd;
};

// So that the largest amount has a digit or a few before its point: more would look exact.
MoneyUnit unit_for(json::array const& rows, std::string_view id) {
  double most = 0;
  for (json::value const& row : rows) {
    if (row.is_object())
      most =
          std::max(most, number_at(results::object_at(row.get_object(), id), "value").value_or(0));
  }
  if (most >= 1e6) return {"million USD", 1e6};
  return most >= 1e4 ? MoneyUnit{"thousand USD", 1e3} : MoneyUnit{"USD", 1};
}

}  // namespace

std::vector<Bars> money_bars(json::object const& result) {
  constexpr auto kinds = std::to_array<std::array<std::string_view, 3>>({
      {"usd_per_million_users_month", "A million connected users for a month",
       "What keeping them connected and served costs, by the prices stated below."},
      {"usd_per_billion_deliveries", "A billion deliveries",
       "What bringing them to the clients costs, by the prices stated below."},
  });
  std::vector<Bars> found;
  for (auto const& [id, title, explanation] : kinds) {
    auto const unit = unit_for(array_at(result, "costs"), id);
    auto const scaled = [&](std::optional<double> v) {
      return v ? std::optional(*v / unit.usd) : v;
    };
    Bars bars{std::string(title), std::string(unit.name), std::string(explanation), {}};
    for (json::value const& value : array_at(result, "costs")) {
      if (!value.is_object()) continue;
      json::object const& row = value.get_object();
      json::object const& cost = results::object_at(row, id);
      auto const amount = scaled(number_at(cost, "value"));
      if (!amount) continue;
      std::size_t colour = 0;
      for (json::value const& target : array_at(result, "targets")) {
        if (results::text_at(target.as_object(), "id") == results::text_at(row, "id"))
          colour = colour_of(target.as_object());
      }
      auto const lo = scaled(number_at(cost, "lo"));
      auto const hi = scaled(number_at(cost, "hi"));
      std::string const text = results::number(*amount);
      bars.bars.push_back({title_of(row), colour, amount, lo, hi, text, text + interval(lo, hi)});
    }
    if (!bars.bars.empty()) found.push_back(std::move(bars));
  }
  return found;
}

double longest(Bars const& bars) {
  double most = 0;
  for (Bar const& bar : bars.bars) {
    double const value = bar.value.value_or(0);
    most = std::max({most, value, std::min(bar.hi.value_or(0), 3 * value)});
  }
  return most;
}

std::string markup(Bars const& bars) {
  std::string text =
      fmt::format("<div class=\"bars\"><h4>{}{}</h4><p>{}</p>\n", escape(bars.title),
                  bars.unit.empty() ? "" : fmt::format(" <span>({})</span>", escape(bars.unit)),
                  escape(bars.explanation));
  double const most = longest(bars);
  for (Bar const& bar : bars.bars) text += row(bar, most);
  return text + "</div>\n";
}

}  // namespace pushlab::report
