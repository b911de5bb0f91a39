#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "results/claim_check.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double prompt_ms = 1000;

// None: the row says nothing about it.
using Met = std::optional<bool>;

bool passes(json::object const& flow) {
  json::array const& delays = array_at(flow, "delays_ms");
  bool const prompt = std::ranges::all_of(delays, [](json::value const& delay) {
    return delay.is_number() && delay.to_number<double>() <= prompt_ms;
  });
  return !delays.empty() && prompt && number_at(flow, "missing").value_or(0) == 0 &&
         number_at(flow, "most_at_once").value_or(0) <= 1;
}

Met websocket(json::object const& row) {
  return truth_at(row, "websocket.passes", false);
}

Met stream(json::object const& row) {
  for (json::value const& flow : array_at(row, "flows")) {
    if (!flow.is_object() || truth_at(flow.get_object(), "accept_encoding", false)) continue;
    if (!passes(flow.get_object())) return false;
  }
  return number_at(row, "head_ms").has_value() && !array_at(row, "flows").empty();
}

// Where nothing was compressed there is nothing to say.
Met coded(json::object const& row) {
  Met met;
  for (json::value const& flow : array_at(row, "flows")) {
    if (!flow.is_object() || text_at(flow.get_object(), "content_encoding").empty()) continue;
    met = met.value_or(true) && passes(flow.get_object());
  }
  return met;
}

// Matrices without `waited_s` come from --slow, which waits for a quarter of an hour.
Met silence(json::object const& row) {
  json::object const& idle = object_at(row, "silence.stream");
  if (idle.empty()) return std::nullopt;
  if (truth_at(idle, "ended", false))
    return number_at(idle, "after_s").value_or(0) <= least_silence_s;
  if (number_at(row, "silence.waited_s").value_or(least_silence_s) < least_silence_s)
    return std::nullopt;
  return false;
}

struct Condition {
  std::string_view name;
  Met (*met)(json::object const& row);
  std::string_view text;
  std::string_view nowhere;  // no row says anything about it
};

constexpr auto conditions = std::to_array<Condition>({
    {"websocket", websocket, "lets a WebSocket through", "no proxy was asked for an upgrade"},
    {"stream", stream, "passes each event alone and within a second",
     "no events were sent through a proxy"},
    {"coded", coded, "passes each compressed event alone and within a second",
     "no proxy compressed anything"},
    {"silence", silence, "ends a silent stream within 70 s",
     "how long silence is borne was not measured (a quick run does not; pushlab conform --matrix "
     "--silence 70 does)"},
});

Condition const* condition_of(std::string_view name) {
  auto const found = std::ranges::find(conditions, name, &Condition::name);
  return found == conditions.end() ? nullptr : &*found;
}

bool asked_for(json::object const& row, json::object const& check) {
  auto const same = [&](char const* key) {
    return !check.contains(key) || text_at(check, key) == text_at(row, key);
  };
  return text_at(row, "proxy") != "direct" && same("proxy") && same("flavour");
}

std::string name_of_row(json::object const& row) {
  bool const tuned = text_at(row, "flavour") == "tuned";
  return fmt::format("{} {}", text_at(row, "proxy"), tuned ? "tuned" : "as it comes");
}

// Some proxy was measured, and none says anything about the condition: not for want of the proxy
// that a check asks.
bool nobody_was_asked(json::object const& matrix, Condition const& condition) {
  bool measured = false;
  for (json::value const& value : array_at(matrix, "rows")) {
    if (!value.is_object() || !asked_for(value.get_object(), {})) continue;
    if (!text_at(value.get_object(), "not_run").empty()) continue;
    measured = true;
    if (condition.met(value.get_object())) return false;
  }
  return measured;
}

}  // namespace

bool is_matrix_condition(std::string_view name) {
  return condition_of(name) != nullptr;
}

std::optional<bool> row_meets(json::object const& row, std::string_view name) {
  auto const* condition = condition_of(name);
  return condition == nullptr ? std::nullopt : condition->met(row);
}

std::string matrix_condition_text(std::string_view name) {
  auto const* condition = condition_of(name);
  return std::string(condition == nullptr ? name : condition->text);
}

MatrixCount count_rows(json::object const& matrix, json::object const& check) {
  MatrixCount count;
  std::string const name = text_at(check, "matrix");
  Condition const* condition = condition_of(name);
  if (condition == nullptr) {
    count.reason = fmt::format("the matrix has nothing of the name {}", name);
    return count;
  }
  if (nobody_was_asked(matrix, *condition)) {
    count.reason = condition->nowhere;
    return count;
  }
  count.reason = "no such proxy is in the matrix";
  bool asked = false;
  for (json::value const& value : array_at(matrix, "rows")) {
    if (!value.is_object() || !asked_for(value.get_object(), check)) continue;
    json::object const& row = value.get_object();
    if (auto const why = text_at(row, "not_run"); !why.empty()) {
      if (!asked) count.reason = fmt::format("{}: {}", name_of_row(row), why);
      continue;
    }
    asked = true;
    count.reason = condition->nowhere;
    if (Met const met = condition->met(row))
      (*met ? count.met : count.unmet).push_back(name_of_row(row));
  }
  return count;
}

}  // namespace pushlab::results
