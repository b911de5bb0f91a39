#include "report/target_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::text_at;

namespace {

std::string cell(json::object const& object, char const* path, std::string_view unit) {
  auto const value = number_at(object, path);
  return value ? escape(results::quantity(*value, unit)) : "–";
}

std::string validity(json::object const& repetition) {
  if (auto const error = text_at(repetition, "error"); !error.empty())
    return "<strong>not measured</strong><small>" + escape(error) + "</small>";
  auto const again = array_at(repetition, "discarded").empty() ? "" : ", measured again";
  if (results::truth_at(repetition, "generator.valid", true)) return std::string("yes") + again;
  bool const left_out = results::truth_at(repetition, "left_out", false);
  std::string text = fmt::format("<strong>no{}</strong>{}", left_out ? ", left out" : "", again);
  for (json::value const& reason : array_at(repetition, "generator.invalid_reasons")) {
    if (reason.is_string()) text += "<small>" + escape(reason.get_string()) + "</small>";
  }
  return text;
}

using Badness = std::pair<int, double>;

Badness badness(json::object const& check) {
  auto const verdict = text_at(check, "verdict");
  return {verdict == "invalid"   ? 2
          : verdict == "suspect" ? 1
                                 : 0,
          number_at(check, "value").value_or(0)};
}

std::string check_verdict(json::object const& check) {
  auto const verdict = text_at(check, "verdict", "–");
  return verdict == "ok" ? verdict
                         : fmt::format("<em class=\"badge{}\">{}</em>",
                                       verdict == "invalid" ? " bad" : "", escape(verdict));
}

}  // namespace

std::string name_of(Appearance const& one) {
  auto const id = text_at(*one.target, "id");
  return text_at(*one.target, "base", id) == id ? one.source->name
                                                : one.source->name + ", " + title_of(*one.target);
}

Table figures_table(std::vector<Appearance> const& all) {
  Table table{"Every figure in every experiment, with 95 % intervals", {"Figure"}, {}};
  for (Appearance const& one : all) table.head.push_back(escape(name_of(one)));
  for (results::Metric const& metric : results::metrics()) {
    std::vector<std::string> row{fmt::format("<span title=\"{}\">{}</span>",
                                             escape(metric.explanation), escape(metric.title))};
    bool measured = false;
    for (Appearance const& one : all) {
      json::object const& figure = results::figure_of(*one.target, metric.id);
      measured = measured || number_at(figure, "value") || figure.contains("undelivered");
      row.push_back(figure_markup(*one.target, metric.id));
    }
    if (measured) table.rows.push_back(std::move(row));
  }
  return table;
}

Table repetitions_table(Appearance const& one) {
  Table table{"Its repetitions",
              {"Block", "Seed", "Order", "Median", "p99", "Lost", "Server CPU per delivery",
               "Valid", "In result.json"},
              {},
              {7, 8}};
  auto const seed = number_at(one.source->result, "scenario.seed");
  auto const& repetitions = array_at(*one.target, "repetitions");
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    json::object const& repetition = repetitions[i].as_object();
    auto const block = number_at(repetition, "block");
    table.rows.push_back(
        {cell(repetition, "block", ""), seed && block ? fmt::format("{:.0f}", *seed + *block) : "–",
         cell(repetition, "order", ""), cell(repetition, "latency_ms.p50", "ms"),
         cell(repetition, "latency_ms.p99", "ms"), cell(repetition, "lost", ""),
         cell(repetition, "server.cpu_us_per_delivery", "µs"), validity(repetition),
         fmt::format("<code>{}targets[{}].<wbr>repetitions[{}]</code>", escape(one.source->path),
                     one.place, i)});
  }
  return table;
}

std::vector<json::object const*> worst_checks(json::object const& target) {
  std::vector<json::object const*> worst;
  for (json::object const* repetition : results::measured(target)) {
    for (json::value const& value : array_at(*repetition, "generator.checks")) {
      json::object const& check = value.as_object();
      auto const known = std::ranges::find_if(worst, [&](json::object const* other) {
        return text_at(*other, "check") == text_at(check, "check");
      });
      if (known == worst.end()) {
        worst.push_back(&check);
      } else if (badness(check) > badness(**known)) {
        *known = &check;
      }
    }
  }
  return worst;
}

Table checks_table(json::object const& target) {
  Table table{"What the load generator checked, the worst repetition",
              {"Check", "Value", "Limit", "Verdict"},
              {},
              {3}};
  for (json::object const* check : worst_checks(target)) {
    auto const unit = text_at(*check, "unit");
    table.rows.push_back({escape(text_at(*check, "check")), cell(*check, "value", unit),
                          cell(*check, "limit", unit), check_verdict(*check)});
  }
  return table;
}

}  // namespace pushlab::report
