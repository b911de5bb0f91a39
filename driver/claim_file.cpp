#include "driver/claim_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <stdexcept>

#include "driver/nearest_name.hpp"
#include "driver/program_path.hpp"
#include "driver/proxy.hpp"
#include "driver/toml_reader.hpp"
#include "results/claim_check.hpp"
#include "results/metric.hpp"
#include "results/oracle.hpp"
#include "tests/conformance/catalogue.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

constexpr TomlTable::Range any_number{-1e15, 1e15};
constexpr TomlTable::Range share{0, 1};

std::vector<std::string> metric_ids() {
  std::vector<std::string> ids;
  for (auto const& metric : results::metrics()) ids.emplace_back(metric.id);
  return ids;
}

// A name that must be one of those known.
std::string name(TomlTable& table, std::string const& key, std::vector<std::string> const& known,
                 std::string const& what, std::string const& where = "") {
  auto const given = table.text(key);
  if (std::ranges::find(known, given) != known.end()) return given;
  auto const nearest = nearest_name(given, known);
  table.fail(key,
             fmt::format("there is no {} {}{}: {}", what, given, where,
                         !nearest.empty() ? fmt::format("did you mean {}?", nearest)
                         : known.empty()  ? "there is none at all"
                                          : fmt::format("known are {}", fmt::join(known, ", "))));
}

std::vector<std::string> keys_of(ClaimNames::Lists const& lists) {
  std::vector<std::string> keys;
  for (auto const& [key, list] : lists) keys.push_back(key);
  return keys;
}

void add_text(json::object& object, TomlTable& table, char const* key) {
  if (auto text = table.text(key, ""); !text.empty()) object[key] = std::move(text);
}

// Exactly one of the rules that the kind of check can have.
void read_rule(json::object& check, TomlTable& table, std::vector<char const*> const& words,
               TomlTable::Range range) {
  int rules = 0;
  for (char const* word : words) {
    if (!table.has(word)) continue;
    ++rules;
    if (word == std::string_view("within"))
      check[word] = json::value_from(table.numbers(word, range, 2));
    else if (word == std::string_view("equals"))
      check[word] = name(table, word, results::oracles_of(table.text("metric")), "closed form",
                         " of " + table.text("metric"));
    else
      check[word] = table.number(word, range);
  }
  if (rules != 1)
    table.fail("title",
               fmt::format("the check \"{}\" has {}: give one of {}",
                           json::value_to<std::string>(check.at("title")),
                           rules == 0 ? "no rule" : "several rules", fmt::join(words, ", ")));
}

void read_metric_check(json::object& check, TomlTable& table, ClaimNames const& names) {
  auto const experiment = name(table, "experiment", keys_of(names.targets), "experiment");
  check["experiment"] = experiment;
  check["metric"] = name(table, "metric", metric_ids(), "metric");
  for (char const* key : {"target", "against"})
    if (key == std::string_view("target") || table.has(key))
      check[key] = name(table, key, names.targets.at(experiment), "target", " in " + experiment);
  read_rule(check, table, {"within", "below", "above", "equals"}, any_number);
  if (check.contains("against") && check.contains("equals"))
    table.fail("equals", "a ratio has no closed form: remove against or equals");
}

void read_conformance_check(json::object& check, TomlTable& table, ClaimNames const& names) {
  auto const target = name(table, "target", keys_of(names.rules), "target", " in [[conformance]]");
  check["conform"] = name(table, "conform", names.rules.at(target), "rule",
                          " in the [[conformance]] of " + target);
  check["target"] = target;
  add_text(check, table, "says");
  if (table.has("confirmed_by"))
    check["confirmed_by"] = table.one_of("confirmed_by", {"pass", "fail"});
}

void read_matrix_check(json::object& check, TomlTable& table, ClaimNames const& names) {
  check["matrix"] = table.text("matrix");
  if (!results::is_matrix_condition(table.text("matrix")))
    table.fail("matrix", fmt::format("the matrix has no \"{}\": give websocket, stream, coded or "
                                     "silence",
                                     table.text("matrix")));
  if (names.proxies.empty())
    table.fail("matrix", "the decision measures no proxies: give it matrix = true");
  if (table.text("matrix") == "silence" && names.silence_s < results::least_silence_s)
    table.fail("matrix", fmt::format("the decision does not wait for silent connections: give it "
                                     "silence_s = {:g}",
                                     results::least_silence_s));
  if (table.has("proxy")) check["proxy"] = name(table, "proxy", names.proxies, "proxy");
  if (table.has("flavour")) check["flavour"] = table.one_of("flavour", {"default", "tuned"});
  read_rule(check, table, {"at_least", "at_most"}, share);
}

json::object read_check(TomlTable table, ClaimNames const& names) {
  json::object check{{"title", table.text("title")}};
  if (table.flag("optional", false)) check["optional"] = true;
  if (table.has("conform"))
    read_conformance_check(check, table, names);
  else if (table.has("matrix"))
    read_matrix_check(check, table, names);
  else
    read_metric_check(check, table, names);
  table.finish();
  return check;
}

}  // namespace

ClaimNames claim_names(DecisionFile const& decision) {
  ClaimNames names;
  for (auto const& experiment : decision.experiments)
    for (auto const& entry : experiment.scenario.targets)
      names.targets[experiment.name].push_back(entry.name);
  auto const cases = conformance::all_cases();
  for (auto const& [target, ids, tls] : decision.conformance) {
    try {
      conformance::select_cases(cases, {}, ids);
    } catch (std::invalid_argument const& error) {
      throw InputError(fmt::format("{}: [[conformance]] of {}: {}", decision.file.string(), target,
                                   error.what()));
    }
    auto& rules = names.rules[target];
    rules.insert(rules.end(), ids.begin(), ids.end());
  }
  if (decision.matrix) names.proxies = proxy_ids();
  names.silence_s = decision.silence_s;
  return names;
}

json::object parse_claim(std::string_view text, std::filesystem::path const& file,
                         ClaimNames const& names) {
  auto root = TomlTable::from_text(text, file.string());
  json::object claim;
  for (char const* key : {"id", "claim", "source", "hypothesis", "experiment"})
    claim[key] = root.text(key);
  add_text(claim, root, "compression");
  add_text(claim, root, "not_testable");
  json::array checks;
  for (auto& table : root.tables("checks")) checks.push_back(read_check(std::move(table), names));
  if (checks.empty() && !claim.contains("not_testable"))
    root.fail("checks",
              "the claim has no checks: give [[checks]], or not_testable with the reason");
  if (!checks.empty() && claim.contains("not_testable"))
    root.fail("not_testable", "the claim has checks: remove them or not_testable");
  root.finish();
  if (!checks.empty()) claim["checks"] = std::move(checks);
  return claim;
}

json::array read_claims(std::filesystem::path const& folder, ClaimNames const& names) {
  std::map<std::string, std::pair<json::object, std::filesystem::path>> by_id;
  for (auto const& file : toml_files(folder)) {
    auto claim = parse_claim(read_toml_text(file), file, names);
    auto const id = json::value_to<std::string>(claim.at("id"));
    auto const [found, added] = by_id.try_emplace(id, std::move(claim), file);
    if (!added)
      throw InputError(fmt::format("{}: the id {} is also that of {}: give another", file.string(),
                                   id, found->second.second.string()));
  }
  if (by_id.empty())
    throw InputError(
        fmt::format("{}: there is no claim in this folder: give one with files like C01.toml",
                    folder.string()));
  json::array claims;
  for (auto& [id, claim] : by_id) claims.push_back(std::move(claim.first));
  return claims;
}

}  // namespace pushlab::driver
