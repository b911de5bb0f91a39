#include <fmt/format.h>

#include <set>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::text_at;

namespace {

std::set<std::int64_t> blocks_of(json::object const& result) {
  std::set<std::int64_t> blocks;
  for (json::value const& target : array_at(result, "targets")) {
    for (json::value const& repetition : array_at(target.as_object(), "repetitions")) {
      auto const block = number_at(repetition.as_object(), "block");
      if (block) blocks.insert(static_cast<std::int64_t>(*block));
    }
  }
  return blocks;
}

std::string blocks(json::object const& result) {
  auto const all = blocks_of(result);
  auto const seed = number_at(result, "scenario.seed");
  if (all.empty() || !seed) return {};
  auto const first = static_cast<std::int64_t>(*seed);
  if (all.size() == 1) return fmt::format(", seed {}, block {}", first, *all.begin());
  return fmt::format(", seed {}, blocks {} to {} (seeds {} to {})", first, *all.begin(),
                     *all.rbegin(), first + *all.begin(), first + *all.rbegin());
}

}  // namespace

std::string trace(json::object const& result, Place const& place, std::string_view raw) {
  auto const sha = text_at(result, "scenario.sha256");
  return fmt::format(
      "<p class=\"trace\">From scenario <code>{}</code>{}{}. In result.json: "
      "<code>{}{}</code></p>\n",
      escape(text_at(result, "scenario.file", text_at(result, "scenario.name", "unnamed"))),
      sha.empty() ? "" : fmt::format(" (SHA-256 <code>{}…</code>)", escape(sha.substr(0, 12))),
      blocks(result), escape(place.path), escape(raw));
}

std::string trace_details(json::object const& result, Place const& place, std::string_view raw) {
  return "<details class=\"origin\"><summary>Where this comes from</summary>\n" +
         trace(result, place, raw) + "</details>\n";
}

}  // namespace pushlab::report
