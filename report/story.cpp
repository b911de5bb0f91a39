#include "report/story.hpp"

#include <fmt/format.h>

#include <cctype>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::text_at;

namespace {

std::string eyebrow(json::object const& result) {
  return fmt::format("<p class=\"eyebrow\">{} · {} · run {}</p>\n",
                     escape(text_at(result, "scenario.title",
                                    text_at(result, "scenario.name", "Untitled scenario"))),
                     escape(started(result)), escape(text_at(result, "run.id", "unknown")));
}

}  // namespace

std::string file_prefix(std::string_view name, std::size_t number) {
  std::string text = number == 0 ? "" : fmt::format("{}-", number);
  for (char c : name) text += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return text + "-";
}

std::string story(json::object const& result, Place const& place, std::vector<Chart>& charts) {
  return answer_section(result, place) + baseline_section(result, place) +
         latency_section(result, place, charts) + freshness_section(result, place, charts) +
         time_section(result, place, charts) + cost_section(result, place) +
         delivery_section(result, place) + trusted_section(result, place) +
         strategy_section(result, place) + method_section(result, place) +
         scenario_section(result, place);
}

std::string one_run(json::object const& result, std::vector<Chart>& charts) {
  return fmt::format("<header>{}<h1>{}</h1></header>\n", eyebrow(result),
                     escape(headline(result))) +
         story(result, {"", 2, "", file_prefix(text_at(result, "scenario.name", "run"), 0)},
               charts);
}

std::string many_runs(std::vector<json::object> const& all, std::vector<Chart>& charts) {
  std::string body = fmt::format(
                         "<header><p class=\"eyebrow\">Push strategies, compared by measurement</p>"
                         "<h1>{} runs compared</h1></header>\n",
                         all.size()) +
                     runs_section(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    body += fmt::format("<article>{}<h2 class=\"headline\">{}</h2>\n", eyebrow(all[i]),
                        escape(headline(all[i]))) +
            story(all[i],
                  {fmt::format("r{}-", i + 1), 3, "",
                   file_prefix(text_at(all[i], "scenario.name", "run"), i + 1)},
                  charts) +
            "</article>\n";
  }
  return body;
}

}  // namespace pushlab::report
