#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "report/decision.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/claim_check.hpp"
#include "results/claim_rule.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::text_at;

namespace {

struct Word {
  std::string_view verdict, style, mark;
};

// The mark is for those who see no colours.
constexpr auto words = std::to_array<Word>({
    {"confirmed", "confirmed", "✓"},
    {"refuted", "refuted", "✕"},
    {"depends", "depends", "◐"},
    {"at the limit", "depends", "◐"},
    {"undecided", "undecided", "?"},
    {"not testable here", "untested", "–"},
    {"missing", "untested", "–"},
});

std::string shown(double value, std::string_view unit) {
  return unit == "share"   ? results::quantity(value, "share")
         : unit == "ratio" ? results::number(value) + " ×"
                           : results::quantity(value, unit);
}

std::string conform_rule(json::object const& check, std::string const& id) {
  bool const broken = text_at(check, "confirmed_by", "pass") == "fail";
  std::string does = broken ? "is broken" : "passes";
  if (auto const finding = text_at(check, "says"); !finding.empty())
    does = fmt::format("{} “{}”", broken ? "does not say" : "says", finding);
  return fmt::format("rule {} {} on {}", escape(id), escape(does),
                     escape(text_at(check, "target")));
}

// A rule of one proxy is a yes or a no; of several, a share.
std::string matrix_rule(json::object const& check, std::string const& condition) {
  auto const does = escape(results::matrix_condition_text(condition));
  if (check.contains("proxy") && check.contains("flavour")) {
    if (number_at(check, "at_least") == 1.0) return "it " + does;
    if (number_at(check, "at_most") == 0.0) return "it does not: " + does;
  }
  return fmt::format("{} {}", results::Rule::of(check).text("share"), does);
}

std::string rule(json::object const& check) {
  if (auto const id = text_at(check, "conform"); !id.empty()) return conform_rule(check, id);
  if (auto const condition = text_at(check, "matrix"); !condition.empty())
    return matrix_rule(check, condition);
  if (auto const form = text_at(check, "equals"); !form.empty())
    return fmt::format("as the formula “{}” says", escape(form));
  bool const ratio = !text_at(check, "against").empty();
  auto const unit = ratio ? "" : results::metric(text_at(check, "metric")).unit;
  return escape(results::Rule::of(check).text(unit));
}

std::string measured(json::object const& check) {
  auto const value = number_at(check, "value");
  if (!value)
    return fmt::format("<span class=\"reason\">{}</span>", escape(text_at(check, "reason", "–")));
  auto const unit = text_at(check, "unit", text_at(check, "against").empty() ? "" : "ratio");
  std::string text = escape(shown(*value, unit == "×" || unit == "x" ? "ratio" : unit));
  auto const lo = number_at(check, "lo");
  auto const hi = number_at(check, "hi");
  double const factor = unit == "share" ? 100 : 1;
  if (lo && hi && *lo != *hi)
    text += fmt::format("<small>{} – {}</small>", results::number(*lo * factor),
                        results::number(*hi * factor));
  if (results::truth_at(check, "once", false))
    text += "<small>a factor of two, of one repetition</small>";
  else if (auto const level = number_at(check, "level"))
    text += fmt::format("<small>{}, measured longer</small>", results::quantity(*level, "share"));
  return text;
}

std::string where(json::object const& decision, json::object const& check) {
  auto const name = text_at(check, "experiment");
  if (place_of(decision, name) < array_at(decision, "experiments").size())
    return fmt::format("<a href=\"#experiment-{0}\">{0}</a>", escape(name));
  if (!text_at(check, "conform").empty()) return "the conformance checks";
  if (!text_at(check, "matrix").empty()) {
    auto const* matrix = decision.if_contains("matrix");
    return matrix != nullptr && matrix->is_object() ? "<a href=\"#proxies\">the proxies</a>"
                                                    : "the proxies";
  }
  return name.empty() ? "–" : escape(name);
}

std::string what(json::object const& check) {
  std::string text = escape(text_at(check, "title", "check"));
  auto const id = text_at(check, "metric");
  if (id.empty()) return text;
  auto const metrics = results::metrics();
  auto const metric = std::ranges::find(metrics, id, &results::Metric::id);
  std::string const name = metric == metrics.end() ? id : std::string(metric->title);
  auto const against = text_at(check, "against");
  return text + fmt::format("<small>{}, {}{}</small>", escape(name),
                            escape(text_at(check, "target")),
                            against.empty() ? "" : " against " + escape(against));
}

std::string checks(json::object const& decision, json::object const& claim) {
  Table table{"The checks of this claim",
              {"Check", "Measured, with 95 % interval", "Confirmed if", "Outcome", "Where"},
              {},
              {2, 4}};
  for (json::value const& value : array_at(claim, "checks")) {
    json::object const& check = value.as_object();
    table.rows.push_back({what(check), measured(check), rule(check),
                          verdict_badge(text_at(check, "outcome", "missing")),
                          where(decision, check)});
  }
  return table.rows.empty() ? std::string() : markup(table);
}

// The figure that decided: the claim's own sentence, else that of the check that its verdict shows.
std::string sentence(json::object const& claim) {
  for (char const* key : {"sentence", "depends_on", "reason", "not_testable"}) {
    if (auto const text = text_at(claim, key); !text.empty()) return text;
  }
  auto const verdict = text_at(claim, "verdict");
  std::string first;
  for (json::value const& value : array_at(claim, "checks")) {
    json::object const& check = value.as_object();
    auto const text = text_at(check, "sentence", text_at(check, "reason"));
    if (text_at(check, "outcome") == verdict && !text.empty()) return text;
    if (first.empty()) first = text;
  }
  return first;
}

std::string paragraph(std::string_view name, std::string const& text) {
  return text.empty() ? text : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, escape(text));
}

std::string claim_markup(json::object const& decision, json::object const& claim) {
  auto const id = text_at(claim, "id", "?");
  return fmt::format(
      "<li id=\"claim-{0}\"><details><summary><span class=\"id\">{0}</span>"
      "<span class=\"claim\">{1}</span>{2}<span class=\"figure\">{3}</span></summary>\n"
      "<div class=\"inside\"><dl class=\"why\">{4}{5}{6}{7}{8}</dl>\n{9}</div></details></li>\n",
      escape(id), escape(text_at(claim, "claim", "")),
      verdict_badge(text_at(claim, "verdict", "not testable here")), escape(sentence(claim)),
      paragraph("Said by", text_at(claim, "source")),
      paragraph("What would have to be true", text_at(claim, "hypothesis")),
      paragraph("How it is decided", text_at(claim, "experiment")),
      paragraph("Time is compressed", text_at(claim, "compression")),
      paragraph("Why not here", text_at(claim, "not_testable")), checks(decision, claim));
}

}  // namespace

std::string verdict_badge(std::string_view verdict) {
  for (Word const& word : words) {
    if (word.verdict == verdict) {
      return fmt::format("<em class=\"verdict {}\"><span aria-hidden=\"true\">{}</span> {}</em>",
                         word.style, word.mark, word.verdict);
    }
  }
  return fmt::format("<em class=\"verdict undecided\">{}</em>", escape(verdict));
}

std::string claims_tally(json::object const& decision) {
  std::map<std::string, int> counts;
  for (json::value const& claim : array_at(decision, "claims"))
    ++counts[text_at(claim.as_object(), "verdict", "not testable here")];
  std::string text;
  for (Word const& word : words) {
    auto const found = counts.find(std::string(word.verdict));
    if (found == counts.end()) continue;
    text += fmt::format("<li>{}<b>{}</b></li>", verdict_badge(word.verdict), found->second);
  }
  return text.empty() ? text
                      : fmt::format(
                            "<ul class=\"tally\" aria-label=\"Verdicts on the {} "
                            "claims\">{}</ul>\n",
                            array_at(decision, "claims").size(), text);
}

std::string claims_section(json::object const& decision) {
  auto const& claims = array_at(decision, "claims");
  if (claims.empty()) return {};
  std::string body =
      "<p>What is said of push strategies, and what was measured here. A claim opens to its "
      "checks. "
      "Confirmed and refuted mean that the whole 95 % interval lies inside or outside the rule; "
      "undecided, that it lies across. What was undecided at first was measured longer where there "
      "was time; it is then judged by an interval of 97.5 %, because who looks twice errs more "
      "often.</p>\n"
      "<ol class=\"claims\">\n";
  for (json::value const& claim : claims) body += claim_markup(decision, claim.as_object());
  return section(2, "claims", "The claims", body + "</ol>\n");
}

}  // namespace pushlab::report
