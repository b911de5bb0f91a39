// Whether a run's figures can be trusted: what each part of the lab says of itself, a line a
// target.
#include <fmt/format.h>

#include <algorithm>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "report/target_tables.hpp"
#include "results/ceiling.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;

namespace {

std::string badge(std::string_view text, bool bad) {
  return fmt::format("<em class=\"badge{}\">{}</em>", bad ? " bad" : "", escape(text));
}

std::string small(std::string_view text) {
  return "<small>" + escape(text) + "</small>";
}

std::string alarm(std::string_view text) {
  return "<small class=\"bad\">" + escape(text) + "</small>";
}

// The worst verdict of its checks, and what they are about.
std::string generator(json::object const& target) {
  std::vector<std::string> suspect;
  std::vector<std::string> invalid;
  auto const checks = worst_checks(target);
  for (json::object const* check : checks) {
    auto const verdict = text_at(*check, "verdict");
    if (verdict == "suspect") suspect.push_back(text_at(*check, "check"));
    if (verdict == "invalid") invalid.push_back(text_at(*check, "check"));
  }
  auto const figure = [&](std::string_view metric) {
    return results::quantity(results::figure_of(target, metric), results::metric(metric));
  };
  return (!invalid.empty()   ? badge("invalid", true) + small(results::list(invalid))
          : !suspect.empty() ? badge("suspect", false) + small(results::list(suspect))
          : checks.empty()   ? "–"
                             : "ok") +
         small(fmt::format("CPU {}", figure("generator_cpu_share"))) +
         small(fmt::format("late by {} at p99", figure("generator_lag_ms_p99")));
}

struct Steadiness {
  std::size_t steady = 0, warming = 0, drifting = 0, unknown = 0;
};

Steadiness steadiness(json::object const& target) {
  Steadiness count;
  for (json::value const& value : array_at(target, "stationarity")) {
    json::object const& one = value.as_object();
    if (number_at(one, "warmup_cut_s").value_or(0) > 0) {
      ++count.warming;
    } else if (json::value const* stationary = results::find(one, "stationary");
               stationary != nullptr && stationary->is_bool()) {
      ++(stationary->get_bool() ? count.steady : count.drifting);
    } else {
      ++count.unknown;
    }
  }
  return count;
}

std::string steady_cell(Steadiness const& count) {
  std::size_t const told = count.steady + count.warming + count.drifting;
  if (told == 0) return "too short to tell";
  std::string text = fmt::format("{} of {}", count.steady, told + count.unknown);
  for (auto const& [number, what] : {std::pair(count.warming, "warming up"),
                                     {count.drifting, "not at one level"},
                                     {count.unknown, "too short to tell"}}) {
    if (number > 0) text += small(fmt::format("{} {}", number, what));
  }
  return text;
}

std::string floor_cell(json::object const& target, std::string_view name) {
  json::object const& ratio = object_at(object_at(target, "floor_ratio"), name);
  auto const value = number_at(ratio, "value");
  if (!value) return "–";
  auto const verdict = text_at(ratio, "verdict");
  return escape(results::number(*value) + " ×") + (verdict == "fine" ? ""
                                                   : verdict == "below resolution"
                                                       ? alarm(verdict)
                                                       : small(verdict));
}

std::string ceiling_cell(json::object const& target) {
  json::object const& share = object_at(target, "ceiling_share");
  auto const value = number_at(share, "value");
  if (!value) return "–";
  auto const verdict = text_at(share, "verdict");
  return escape(results::quantity(*value, "share")) + (verdict == "ok"        ? ""
                                                       : verdict == "suspect" ? small(verdict)
                                                                              : alarm(verdict));
}

std::string ceiling_sentences(json::object const& result) {
  std::string text;
  for (json::value const& ceiling : array_at(result, "ceilings"))
    text += "<p>" + escape(results::ceiling_sentence(ceiling.as_object())) + "</p>\n";
  return text;
}

json::object const* oracle_of(json::object const& result, json::object const& target) {
  for (json::value const& value : array_at(result, "oracles")) {
    if (text_at(value.as_object(), "id") == text_at(target, "id")) return &value.as_object();
  }
  return nullptr;
}

std::string arithmetic(json::object const* oracle) {
  if (oracle == nullptr) return "–";
  std::string const how_many = small(fmt::format("{} checks", array_at(*oracle, "checks").size()));
  return (results::truth_at(*oracle, "reproduced", false) ? "reproduced"
                                                          : badge("not reproduced", true)) +
         how_many;
}

Table overview(json::object const& result) {
  Table table{
      "What the lab says of its own figures",
      {"Target", "Valid", "Load generator", "Repetitions at one level",
       "Median, of the null server’s", "CPU, of the null server’s",
       "Median, of the generator’s lag", "Deliveries, of the ceiling", "Arithmetic of polling"},
      {},
      {1, 2, 3, 4, 5, 6, 7, 8}};
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    table.rows.push_back(
        {target_markup(target) + fmt::format("<small class=\"under\">version {}</small>",
                                             escape(text_at(target, "version", "unknown"))),
         results::truth_at(target, "valid", true) ? "yes" : badge("no", true), generator(target),
         steady_cell(steadiness(target)), floor_cell(target, "latency_p50_ms"),
         floor_cell(target, "server_cpu_us_per_delivery"), floor_cell(target, "generator_lag"),
         ceiling_cell(target), arithmetic(oracle_of(result, target))});
  }
  return table;
}

Table oracle_table(json::object const& result) {
  Table table{"Polling against its closed forms",
              {"Target", "Figure", "Measured", "By arithmetic", "Verdict"},
              {},
              {1, 4}};
  for (json::value const& value : array_at(result, "oracles")) {
    json::object const& oracle = value.as_object();
    for (json::value const& entry : array_at(oracle, "checks")) {
      json::object const& check = entry.as_object();
      results::Metric const& metric = results::metric(text_at(check, "metric"));
      auto const verdict = text_at(check, "verdict");
      std::string measured = escape(results::quantity(check, metric));
      auto const lo = number_at(check, "lo");
      auto const hi = number_at(check, "hi");
      double const factor = metric.unit == "share" ? 100 : 1;
      if (lo && hi)
        measured += small(
            fmt::format("{} – {}", results::number(*lo * factor), results::number(*hi * factor)));
      table.rows.push_back(
          {escape(text_at(oracle, "title")), escape(metric.title), measured,
           escape(results::quantity(number_at(check, "expected").value_or(0), metric.unit)),
           verdict == "outside" ? badge(verdict, true) : escape(verdict)});
    }
  }
  return table;
}

// Why a target is invalid, and what was noticed in single repetitions.
std::string remarks(json::object const& result) {
  std::string text;
  std::size_t count = 0;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    for (char const* member : {"invalid_reasons", "remarks"}) {
      for (json::value const& remark : array_at(target, member)) {
        if (!remark.is_string()) continue;
        text +=
            fmt::format("<li>{}: {}</li>", escape(title_of(target)), escape(remark.get_string()));
        ++count;
      }
    }
  }
  if (count == 0) return text;
  return fmt::format(
      "<details><summary>{} remark{} on single repetitions</summary>\n<ul class=\"points\">{}</ul>"
      "</details>\n",
      count, count == 1 ? "" : "s", text);
}

// Names of targets of which something is said, for one sentence of reservations.
template <typename Said>
std::string names(json::object const& result, Said const& said) {
  std::vector<std::string> found;
  for (json::value const& value : array_at(result, "targets")) {
    if (said(value.as_object())) found.push_back(title_of(value.as_object()));
  }
  return results::list(found);
}

std::string verdict(json::object const& result) {
  std::vector<std::string> reservations;
  auto const add = [&](std::string_view sentence, std::string const& targets) {
    if (!targets.empty()) reservations.push_back(fmt::format("{}: {}.", sentence, targets));
  };
  if (results::truth_at(object_at(result, "run"), "interrupted", false))
    reservations.emplace_back(
        "The run was interrupted, so it has fewer repetitions than its scenario asks for.");
  add("Not measured validly", names(result, [](json::object const& target) {
        return !results::truth_at(target, "valid", true);
      }));
  add("So close to the null server or to the generator's lag that the figure says more of the "
      "instrument than of the target",
      names(result, results::below_resolution));
  add("So near the ceiling of this machine that the machine may have been the limit",
      names(result, [](json::object const& target) {
        return text_at(object_at(target, "ceiling_share"), "verdict") == "machine-bound";
      }));
  add("Not at one level in half of the repetitions or more",
      names(result, [](json::object const& target) {
        Steadiness const count = steadiness(target);
        std::size_t const unsteady = count.warming + count.drifting;
        return unsteady > 0 && unsteady >= count.steady + count.unknown;
      }));
  add("Polling that does not reproduce its arithmetic",
      names(result, [&](json::object const& target) {
        json::object const* oracle = oracle_of(result, target);
        return oracle != nullptr && !results::truth_at(*oracle, "reproduced", false);
      }));
  if (!std::ranges::any_of(array_at(result, "targets"),
                           [](json::value const& target) { return is_floor(target.as_object()); }))
    reservations.emplace_back(
        "There was no null server in this run, so nothing says how far its figures are from what "
        "the instrument takes by itself.");
  if (reservations.empty())
    return "<p><strong>Nothing speaks against them.</strong> Every target was measured validly, "
           "and none is so close to the instrument that the instrument was measured.</p>\n";
  std::string text = "<p><strong>With reservations.</strong></p>\n<ul class=\"points\">";
  for (std::string const& one : reservations) text += "<li>" + escape(one) + "</li>";
  return text + "</ul>\n";
}

}  // namespace

std::string trusted_section(json::object const& result, Place const& place) {
  Table const oracles = oracle_table(result);
  std::string const body =
      verdict(result) + markup(overview(result)) + ceiling_sentences(result) +
      "<p class=\"trace\">A repetition is at one level when its halves differ by less than 3 % and "
      "show no trend; the figures hold those that are not, too. The null server does nothing but "
      "send: below 1.2 times its figure the instrument is measured, from 2 times on the target. "
      "Its ceiling is one send() and one recv() a delivery, server and clients on the same "
      "machine: above 70 % of it a figure is suspect, above 90 % the machine may be the limit. "
      "Polling has closed forms that the lab must reproduce.</p>\n" +
      remarks(result) +
      (oracles.rows.empty() ? ""
                            : data_details("What arithmetic says of polling", oracles,
                                           trace(result, place, "oracles[*]")));
  return section(place.level, place.prefix + "trust", "Can these figures be trusted?", body);
}

}  // namespace pushlab::report
