#include "results/crossover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "results/crossing.hpp"
#include "results/experiment.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

// What the text says about two curves; {a} is asked about, {b} is what it is held against.
struct Question {
  std::string id;
  std::string question;
  std::string x_unit;
  std::string less;    // "fewer", "less"
  std::string cost;    // "wire bytes per delivery"
  std::string y_unit;  // the same with its unit
  std::string a, b;    // "polling", "SSE"
  std::string behind;  // one more sentence; {x} is the crossing
};

struct Pair {
  Curve a, b;
  void add(double x, std::optional<Uncertain> const& left, std::optional<Uncertain> const& right,
           json::object const* right_target) {
    if (!(x > 0) || !left || !right || !(left->value > 0) || !(right->value > 0)) return;
    a.push_back({x, *left});
    b.push_back({x, *right, right_target});
  }
  void sort() {
    for (auto* curve : {&a, &b}) std::ranges::sort(*curve, {}, &CurvePoint::x);
  }
};

using Targets = std::vector<json::object const*>;

Targets valid_targets(Experiment const& experiment,
                      std::function<bool(json::object const&)> const& wanted) {
  Targets found;
  for (auto const& value : array_at(*experiment.result, "targets")) {
    auto const& target = value.as_object();
    if (is_valid(target) && !is_floor(target) && wanted(target)) found.push_back(&target);
  }
  return found;
}

std::optional<Uncertain> cost_of(json::object const& target, std::string_view metric) {
  return uncertain(figure_of(target, metric));
}

std::string interval_text(Crossing const& found) {
  if (found.lo && found.hi) return fmt::format("{} to {}", number(*found.lo), number(*found.hi));
  if (found.lo) return fmt::format("{} to beyond the measured range", number(*found.lo));
  if (found.hi) return fmt::format("from below the measured range to {}", number(*found.hi));
  return "wider than the measured range";
}

std::string sentence(Question const& asked, Pair const& pair, Crossing const& found) {
  if (found.x) {
    return fmt::format("{} costs {} {} than {} {} {} {} (95 % interval {}).{}", asked.a, asked.less,
                       asked.cost, asked.b, found.falls ? "above" : "below", number(*found.x),
                       asked.x_unit, interval_text(found),
                       asked.behind.empty() ? "" : " " + asked.behind);
  }
  auto const range = pair.a.size() == 1
                         ? fmt::format("at {}", number(pair.a.front().x))
                         : fmt::format("everywhere from {} to {}", number(pair.a.front().x),
                                       number(pair.a.back().x));
  auto text =
      fmt::format("{} costs {} {} than {} {} {}; nothing is said beyond.", asked.a,
                  found.falls ? asked.less : "more", asked.cost, asked.b, range, asked.x_unit);
  if (found.share > 0.025)
    text += fmt::format(" The intervals leave a crossing possible: {} of the draws have one.",
                        quantity(found.share, "share"));
  return text;
}

json::array points(Curve const& curve) {
  json::array list;
  for (auto const& point : curve) list.push_back(json::array{point.x, point.y.value});
  return list;
}

json::value or_null(std::optional<double> const& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

void append(json::array& list, Question const& asked, Pair pair,
            std::function<std::string(double)> const& behind = {}) {
  if (pair.a.empty()) return;
  pair.sort();
  auto const found = crossing(pair.a, pair.b);
  auto question = asked;
  if (found.x && behind) question.behind = behind(*found.x);
  list.push_back(json::object{
      {"id", asked.id},
      {"question", asked.question},
      {"x_unit", asked.x_unit},
      {"y_unit", asked.y_unit},
      {"x", or_null(found.x)},
      {"lo", or_null(found.lo)},
      {"hi", or_null(found.hi)},
      {"sentence", sentence(question, pair, found)},
      {"curves", json::array{json::object{{"label", asked.a}, {"points", points(pair.a)}},
                             json::object{{"label", asked.b}, {"points", points(pair.b)}}}}});
}

// Events a second that concern one client.
double events_per_s(json::object const& result) {
  auto const of = [&](char const* key) { return number_at(result, key).value_or(1); };
  return of("scenario.rate") * std::min(1.0, of("scenario.subscriptions") / of("scenario.names"));
}

struct PollPoint {
  double events;  // in one interval
  json::object const* poll;
  json::object const* stream;
};

std::vector<PollPoint> poll_points(json::object const& decision) {
  std::vector<PollPoint> found;
  for (auto const& experiment : experiments_of(decision)) {
    if (!experiment.name.starts_with("poll-rate")) continue;
    auto const is = [](char const* strategy) {
      return [=](json::object const& target) {
        return text_at(target, "strategy") == strategy && !sends_refresh(target) &&
               !truth_at(target, "third_party", false);
      };
    };
    auto const streams = valid_targets(experiment, is("sse"));
    if (streams.empty()) continue;
    for (auto const* poll : valid_targets(experiment, is("short-poll"))) {
      double const interval_s = number_at(*poll, "options.poll_interval_s").value_or(0);
      found.push_back({events_per_s(*experiment.result) * interval_s, poll, streams.front()});
    }
  }
  return found;
}

Pair poll_pair(std::vector<PollPoint> const& measured, std::string_view metric) {
  Pair pair;
  for (auto const& point : measured)
    pair.add(point.events, cost_of(*point.poll, metric), cost_of(*point.stream, metric),
             point.stream);
  return pair;
}

// The interval of the seeds' question: the crossing is a number of events in one interval, so it
// holds for any interval.
constexpr double example_interval_s = 10;

std::string in_time(double events) {
  return fmt::format("For pages that poll every {:g} s that is an event every {} s.",
                     example_interval_s, number(example_interval_s / events));
}

Uncertain scaled(Uncertain const& value, double by) {
  return {value.value * by, value.lo * by, value.hi * by};
}

// A stream that is quiet for longer sends heartbeats, which the measured one never had to.
constexpr double heartbeat_s = 15;

// A poll costs what it costs whoever the event was for, a stream only where the event goes. The
// costs of one delivery come from compressed time and are multiplied by the deliveries of an hour.
void append_audience(json::array& list, std::vector<PollPoint> const& measured) {
  constexpr auto metric = "server_cpu_us_per_delivery";
  Pair pair;
  for (auto const& point : measured) {
    double const per_hour = point.events * 3600 / example_interval_s;
    if (per_hour * heartbeat_s < 3600) continue;
    auto const poll = cost_of(*point.poll, metric);
    auto const stream = cost_of(*point.stream, metric);
    if (poll && stream)
      pair.add(per_hour, scaled(*poll, per_hour / 1000), scaled(*stream, per_hour / 1000),
               point.stream);
  }
  append(
      list,
      {"poll-user-hour",
       fmt::format("How many events an hour must concern a user before polling every {:g} s "
                   "costs the server less than SSE?",
                   example_interval_s),
       "events per user and hour",
       "less",
       "server CPU",
       "ms of server CPU per user and hour",
       "Polling",
       "SSE",
       {}},
      std::move(pair), [](double per_hour) {
        return fmt::format(
            "That is the measured cost of a delivery times the deliveries of an hour, for events "
            "close enough that no heartbeat is sent between them. So an event for everybody must "
            "come every {} s, one for a tenth of the users every "
            "{} s.",
            number(3600 / per_hour), number(360 / per_hour));
      });
}

void append_polling(json::array& list, json::object const& decision) {
  auto const measured = poll_points(decision);
  if (measured.empty()) return;
  auto wire = poll_pair(measured, "wire_bytes_per_delivery");
  bool const on_wire = wire.a.size() == measured.size();
  append(list,
         {"poll-bytes",
          "At how many events in a polling interval does polling need fewer bytes than SSE?",
          "events per polling interval",
          "fewer",
          on_wire ? "wire bytes per delivery" : "bytes per delivery",
          on_wire ? "wire bytes per delivery" : "bytes per delivery",
          "Polling",
          "SSE",
          {}},
         on_wire ? std::move(wire) : poll_pair(measured, "bytes_per_delivery"), in_time);
  append(list,
         {"poll-cpu",
          "At how many events in a polling interval does polling cost the server less than SSE?",
          "events per polling interval",
          "less",
          "server CPU per delivery",
          "µs of server CPU per delivery",
          "Polling",
          "SSE",
          {}},
         poll_pair(measured, "server_cpu_us_per_delivery"), in_time);
  append_audience(list, measured);
}

struct RefreshPair {
  json::object const* refresh;
  json::object const* data;
  double payload;
};

// One list for each refresh target: they differ in how many clients look.
std::map<std::string, std::vector<RefreshPair>> refresh_pairs(json::object const& decision) {
  std::map<std::string, std::vector<RefreshPair>> found;
  for (auto const& experiment : experiments_of(decision)) {
    if (!experiment.name.starts_with("refresh")) continue;
    for (auto const* refresh : valid_targets(experiment, sends_refresh)) {
      auto const same_strategy = valid_targets(experiment, [&](json::object const& target) {
        return !sends_refresh(target) &&
               text_at(target, "strategy") == text_at(*refresh, "strategy") &&
               truth_at(target, "third_party", false) == truth_at(*refresh, "third_party", false);
      });
      if (same_strategy.empty()) continue;
      double const common = number_at(*experiment.result, "scenario.payload_bytes").value_or(0);
      found[text_at(*refresh, "id")].push_back(
          {refresh, same_strategy.front(),
           number_at(*refresh, "options.payload_bytes").value_or(common)});
    }
  }
  return found;
}

// "0.2 GETs per event shown": the share of interest, as it was measured.
std::string interest(std::vector<RefreshPair> const& pairs) {
  double sum = 0;
  int count = 0;
  for (auto const& pair : pairs)
    if (auto const gets = number_at(figure_of(*pair.refresh, "requests_per_delivery"), "value"))
      sum += *gets, ++count;
  return count == 0 ? "" : fmt::format(" ({} requests per event)", number(sum / count));
}

void append_refresh(json::array& list, json::object const& decision) {
  for (auto const& [id, pairs] : refresh_pairs(decision)) {
    Pair wire, app;
    for (auto const& [refresh, data, payload] : pairs) {
      for (auto [pair, metric] :
           {std::pair{&wire, "wire_bytes_per_delivery"}, std::pair{&app, "bytes_per_delivery"}})
        pair->add(payload, cost_of(*refresh, metric), cost_of(*data, metric), data);
    }
    bool const on_wire = wire.a.size() == pairs.size();
    append(list,
           {"refresh-" + id,
            fmt::format("From which payload on do refresh events{} need fewer bytes than events "
                        "with data?",
                        interest(pairs)),
            "bytes of payload",
            "fewer",
            on_wire ? "wire bytes per version shown" : "bytes per version shown",
            on_wire ? "wire bytes per version shown" : "bytes per version shown",
            title_of(*pairs.front().refresh),
            title_of(*pairs.front().data),
            {}},
           on_wire ? std::move(wire) : std::move(app));
  }
}

}  // namespace

json::array crossovers(json::object const& decision) {
  json::array list;
  append_polling(list, decision);
  append_refresh(list, decision);
  return list;
}

}  // namespace pushlab::results
