#include <fmt/format.h>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/answer.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"
#include "results/validity.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;

namespace {

std::string plain(json::value const* value, std::string_view unit = "") {
  if (value == nullptr || value->is_null()) return "unknown";
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_number()) return results::quantity(value->to_number<double>(), unit);
  if (value->is_bool()) return value->get_bool() ? "yes" : "no";
  if (!value->is_array()) return json::serialize(*value);
  std::vector<std::string> parts;
  for (json::value const& part : value->get_array()) parts.push_back(plain(&part));
  return parts.empty() ? "none" : results::list(parts);
}

std::string facts(std::vector<std::pair<std::string, std::string>> const& pairs) {
  std::string text = "<dl class=\"facts\">";
  for (auto const& [name, value] : pairs) {
    text += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
  }
  return text + "</dl>\n";
}

std::string how(json::object const& result) {
  json::object const& s = object_at(result, "scenario");
  auto const of = [&](char const* name) { return plain(s.if_contains(name)); };
  return fmt::format(
      "<p>{} clients connected to a server and stayed connected. A publisher posted {} events a "
      "second ({} arrivals, {} "
      "bytes each) to the server on a timetable fixed in advance, and every client noted when each "
      "event reached it. "
      "After {} s of warming up, {} s were measured, then late deliveries had {} s to arrive. Each "
      "target was measured {} "
      "times with fresh processes, the targets taking turns.</p>\n",
      escape(of("clients")), escape(of("rate")), escape(of("arrivals")),
      escape(of("payload_bytes")), escape(of("warmup_s")), escape(of("measure_s")),
      escape(of("drain_s")), escape(of("repetitions")));
}

constexpr std::string_view limits_of_figures =
    "<ul class=\"points\"><li><strong>No network.</strong> Server and clients ran on one machine "
    "and talked over its loopback. "
    "A real network adds its own delay to every strategy, and to polling once per request.</li>"
    "<li><strong>CPU is for comparing, not for sizing.</strong> Over loopback the kernel does the "
    "receiver's work inside the "
    "sender's system call, so the CPU per delivery is higher than a server on a machine of its own "
    "would need.</li>"
    "<li><strong>Small differences may not matter.</strong> 20 % of one millisecond disappears "
    "behind a network of fifty.</li>"
    "<li><strong>The load generator measures itself.</strong> Past "
    "a limit the run is declared invalid rather than slow.</li></ul>\n";

Table all_figures(json::array const& targets) {
  Table table{"Every figure of every target, with 95 % intervals", {"Figure"}, {}};
  for (json::value const& target : targets) table.head.push_back(target_markup(target.as_object()));
  table.head.push_back("What it is");
  table.words = {targets.size() + 1};
  for (results::Metric const& metric : results::metrics()) {
    std::vector<std::string> row{escape(metric.title)};
    for (json::value const& target : targets)
      row.push_back(figure_markup(target.as_object(), metric.id));
    row.push_back("<span class=\"what\">" + escape(metric.explanation) + "</span>");
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string machine_facts(json::object const& result) {
  json::object const& m = object_at(result, "machine");
  auto const memory = number_at(m, "memory_kib");
  return facts(
      {{"Processor", fmt::format("{}, {} cores", plain(m.if_contains("cpu_model")),
                                 plain(m.if_contains("cores")))},
       {"Memory", memory ? results::number(*memory / 1048576) + " GiB" : "unknown"},
       {"System",
        fmt::format("{}, kernel {}", plain(m.if_contains("os")), plain(m.if_contains("kernel")))},
       {"Virtual machine", plain(m.if_contains("hypervisor"))},
       {"Cores of the servers", plain(m.if_contains("server_cores"))},
       {"Cores of the load generator", plain(m.if_contains("load_cores"))},
       {"Time stolen by other virtual machines", plain(m.if_contains("steal_share"), "share")},
       {"Used by other programs", plain(m.if_contains("other_cpu_share"), "share")},
       {"Congestion control", plain(m.if_contains("congestion_control"))},
       {"Open files allowed", plain(m.if_contains("nofile"))},
       {"pushlab",
        fmt::format(
            "{} ({}{}), {} build, {}", text_at(result, "run.pushlab.version"),
            text_at(result, "run.pushlab.commit"),
            results::truth_at(result, "run.pushlab.dirty", false) ? ", with local changes" : "",
            text_at(result, "run.pushlab.build_type"), text_at(result, "run.pushlab.compiler"))}});
}

std::string strategy_section(json::object const& result, Place const& place) {
  std::string body = "<dl class=\"glossary\">\n";
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    std::string_view const sentence = strategy_sentence(text_at(target, "strategy"));
    body += fmt::format(
        "<div><dt>{}</dt><dd>{}{}</dd></div>\n", target_markup(target),
        sentence.empty() ? "Strategy “" + escape(text_at(target, "strategy", "unknown")) + "”."
                         : std::string(sentence),
        results::truth_at(target, "third_party", false) ? " Third-party server." : "");
  }
  return section(place.level, place.prefix + "strategies", "What was compared", body + "</dl>\n");
}

std::string method_section(json::object const& result, Place const& place) {
  json::array const& targets = array_at(result, "targets");
  std::string const body =
      how(result) + "<h4>What these figures do not say</h4>" + std::string(limits_of_figures) +
      "<h4>The machine</h4>" + machine_facts(result) +
      data_details("All figures", all_figures(targets), trace(result, place, "targets[*].figures"));
  return section(place.level, place.prefix + "method", "How it was measured, and on what", body);
}

std::string scenario_section(json::object const& result, Place const& place) {
  std::string const body =
      facts({{"File", text_at(result, "scenario.file", "unknown")},
             {"SHA-256", text_at(result, "scenario.sha256", "unknown")},
             {"Seed", plain(results::find(result, "scenario.seed"))}}) +
      fmt::format("<pre tabindex=\"0\">{}</pre>\n",
                  escape(text_at(result, "scenario.text", "The scenario's text was not kept.")));
  return section(place.level, place.prefix + "scenario", "The scenario, as it was run", body);
}

}  // namespace pushlab::report
