#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "tests/conformance/limit/browser_probe.hpp"
#include "tests/conformance/limit/sections.hpp"
#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/wire/h2_connection.hpp"

namespace pushlab::conformance {
namespace {

constexpr double browser_s = 100;

using Observed = std::map<std::string, Finding, std::less<>>;

std::string milliseconds(double seconds) {
  return fmt::format("{:.0f}", seconds * 1000);
}

void add(std::vector<std::string>& arguments, Field const& field) {
  arguments.insert(arguments.end(), {"--header", field.name + ": " + field.value});
}

// A poll that will be held, and the fields it takes.
Url held_poll(Endpoint& endpoint, std::vector<std::string>& arguments) {
  auto const channel = endpoint.channel();
  auto const cursor = first_cursor(endpoint, channel);
  auto url = channel.url.with_query("wait", "25");
  if (cursor.form == Cursor::Form::next) return url.with_query("since", cursor.value);
  add(arguments, {"If-None-Match", cursor.value});
  if (!cursor.modified.empty()) add(arguments, {"If-Modified-Since", cursor.modified});
  return url;
}

// How many streams the server says one HTTP/2 connection may have.
void add_most_streams(Endpoint& endpoint, std::vector<std::string>& arguments) {
  try {
    H2Connection const connection(endpoint.url(), endpoint.answer_deadline());
    if (auto const most = connection.max_streams())
      arguments.insert(arguments.end(), {"--max-streams", std::to_string(*most)});
  } catch (WireError const&) {
    // No HTTP/2 here; the browser will say so.
  }
}

Finding finding_of(boost::json::object const& line) {
  auto const text = [&line](char const* name) { return std::string(line.at(name).as_string()); };
  for (auto const verdict : {Verdict::fail, Verdict::info, Verdict::skip})
    if (text("verdict") == name_of(verdict)) return {verdict, text("expected"), text("seen")};
  throw std::runtime_error("the browser's probe gave an unknown verdict");
}

Observed observe(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().limit;
  std::vector<std::string> arguments{"--strategy", name_of(endpoint.strategy()),
                                     "--patience", milliseconds(settings.patience_s),
                                     "--blocked",  milliseconds(settings.blocked_s)};
  for (auto const& field : endpoint.fields()) add(arguments, field);
  auto url = endpoint.url();
  if (endpoint.strategy() == Strategy::sse && url.tls()) add_most_streams(endpoint, arguments);
  if (endpoint.strategy() == Strategy::long_poll) url = held_poll(endpoint, arguments);
  arguments.push_back(url.text());
  Observed observed;
  for (auto const& line : probe_with_browser(arguments, browser_s)) {
    auto const object = boost::json::parse(line).as_object();
    observed.emplace(object.at("id").as_string(), finding_of(object));
  }
  return observed;
}

// The browser looks at all of them in one go.
Case observed_case(std::string id, std::string requirement, std::string source, Severity severity,
                   Strategy strategy) {
  auto const check = [id](Endpoint& endpoint) {
    auto const all = endpoint.once<Observed>("limits", [&] { return observe(endpoint); });
    auto const found = all->find(id);
    if (found == all->end()) throw std::runtime_error("the browser's probe did not come to this");
    return found->second;
  };
  return {
      {std::move(id), std::move(requirement), std::move(source), Level::url, severity, {strategy}},
      check,
      {.limit_s = browser_s + 10, .alone = true}};
}

}  // namespace

std::vector<Case> limit_browser_cases() {
  using enum Severity;
  using enum Strategy;
  return {
      observed_case("LIMIT-01", "over HTTP/1.1 a browser has six streams, and frees each place",
                    "Chromium", major, sse),
      observed_case("LIMIT-02", "over HTTP/1.1 the tabs of a browser share these six", "Chromium",
                    major, sse),
      observed_case("LIMIT-03", "another name of the host has places of its own", "Chromium", minor,
                    sse),
      observed_case("LIMIT-04", "WebSockets are not counted among the six", "Chromium", major,
                    websocket),
      observed_case("LIMIT-05", "over HTTP/2 a browser has many streams, and others are answered",
                    "9113 5.1.2", major, sse),
      observed_case("LIMIT-06", "over HTTP/2 as many streams are served as SETTINGS allow",
                    "9113 5.1.2, 6.5.2", major, sse),
      observed_case("LIMIT-08", "held polls are counted like streams", "Chromium", major,
                    long_poll),
  };
}

}  // namespace pushlab::conformance
