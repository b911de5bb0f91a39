#include "results/decision_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "results/experiment.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

std::size_t longest(json::array const& rows, std::string_view key) {
  std::size_t most = 0;
  for (json::value const& row : rows) most = std::max(most, text_at(row.as_object(), key).size());
  return most;
}

std::string experiments(json::object const& decision) {
  json::array const& rows = array_at(decision, "experiments");
  std::size_t const indent = longest(rows, "name") + 2;
  std::string text;
  for (json::value const& value : rows) {
    json::object const& row = value.as_object();
    text += fmt::format("{:<{}}{}", text_at(row, "name"), indent,
                        wrapped(text_at(row, "result.answer.sentence"), indent, indent));
    if (auto const invalid = invalid_targets(object_at(row, "result")); !invalid.empty())
      text += fmt::format(
          "{:{}}{}", "", indent,
          wrapped(fmt::format("! Not measured validly: {}.", list(invalid)), indent, indent));
  }
  return text;
}

// The terminal shows how it begins; the report has all of it.
std::string shortened(std::string text) {
  constexpr std::size_t most = 200;
  if (text.size() <= most) return text;
  text.resize(text.rfind(' ', most));
  return text + " ...";
}

std::string claims(json::object const& decision) {
  json::array const& rows = array_at(decision, "claims");
  std::size_t const words = longest(rows, "verdict") + 2;
  std::size_t const indent = 5 + words;
  std::string text;
  for (json::value const& value : rows) {
    json::object const& row = value.as_object();
    auto const said = shortened(text_at(row, "sentence"));
    text += fmt::format("{:<5}{:<{}}{}", text_at(row, "id"), text_at(row, "verdict"), words,
                        wrapped(text_at(row, "claim"), indent, indent));
    if (!said.empty()) text += fmt::format("{:{}}{}", "", indent, wrapped(said, indent, indent));
  }
  return text;
}

}  // namespace

std::string decision_table(json::object const& decision) {
  return experiments(decision) + "\n" + claims(decision);
}

}  // namespace pushlab::results
