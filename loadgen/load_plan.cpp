#include "loadgen/load_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "loadgen/loop/endpoint.hpp"
#include "loadgen/publisher/notification.hpp"
#include "loadgen/schedule/trace.hpp"
#include "loadgen/worker/board.hpp"

namespace pushlab::loadgen {

namespace {

using Problem = std::optional<std::string>;

constexpr std::array strategies = {
    std::pair{Strategy::sse, std::string_view("sse")},
    std::pair{Strategy::websocket, std::string_view("websocket")},
    std::pair{Strategy::mqtt, std::string_view("mqtt")},
    std::pair{Strategy::long_poll, std::string_view("long-poll")},
    std::pair{Strategy::short_poll, std::string_view("short-poll")},
    std::pair{Strategy::reload, std::string_view("reload")},
};
constexpr std::array arrivals_words = {
    std::pair{Arrivals::fixed, std::string_view("fixed")},
    std::pair{Arrivals::poisson, std::string_view("poisson")},
    std::pair{Arrivals::bursts, std::string_view("bursts")},
    std::pair{Arrivals::irregular, std::string_view("irregular")},
    std::pair{Arrivals::flash, std::string_view("flash")},
    std::pair{Arrivals::trace, std::string_view("trace")},
    std::pair{Arrivals::lockstep, std::string_view("lockstep")},
    std::pair{Arrivals::paired, std::string_view("paired")},
    std::pair{Arrivals::paired_irregular, std::string_view("paired-irregular")},
};
constexpr std::array popularities = {
    std::pair{Popularity::uniform, std::string_view("uniform")},
    std::pair{Popularity::zipf, std::string_view("zipf")},
};
constexpr std::array cursors = {
    std::pair{CursorStyle::json, std::string_view("json")},
    std::pair{CursorStyle::etag, std::string_view("etag")},
    std::pair{CursorStyle::none, std::string_view("none")},
};

template <class Table, class Value>
std::string_view word_of(Table const& table, Value value) {
  return std::ranges::find(table, value, [](auto const& row) { return row.first; })->second;
}

template <class Table>
auto value_of(Table const& table, std::string_view word) {
  auto const row = std::ranges::find(table, word, [](auto const& r) { return r.second; });
  return row == table.end() ? std::nullopt : std::optional(row->first);
}

// Bounds what a run can keep: bits and, with several workers, one sample per delivery.
constexpr double most_pairs = 1 << 27;
constexpr double most_events = 1 << 24;
// One SUBSCRIBE carries them all, in a frame of at most 65,535 bytes.
constexpr double most_mqtt_topics = 5000;

Problem number_problem(std::string_view what, double value, double least, double most) {
  if (std::isfinite(value) && value >= least && value <= most) return std::nullopt;
  return fmt::format("{} is {}: give a value from {} to {}", what, value, least, most);
}

Problem numbers_problem(LoadPlan const& plan) {
  struct Row {
    std::string_view what;
    double value, least, most;
  };
  std::array const rows = {
      Row{"clients", double(plan.clients), 1, 1e6},
      Row{"names", double(plan.names), 1, 1e6},
      Row{"subscriptions per client", double(plan.subscriptions), 1, double(plan.names)},
      Row{"the Zipf exponent", plan.zipf_exponent, 0, 10},
      Row{"the rate", plan.rate, 1e-3, 1e6},
      Row{"the burst size", double(plan.burst_size), 1, 1e5},
      Row{"irregular_cycle_s", plan.irregular_cycle_s, 0.01, 3600},
      Row{"flash_at_s", plan.flash_at_s, 0, 7200},
      Row{"flash_s", plan.flash_s, 0.01, 3600},
      Row{"flash_factor", plan.flash_factor, 1, 1000},
      Row{"trace_speed", plan.trace_speed, 1e-3, 1e3},
      Row{"the lockstep window", double(plan.window), 1, 1e4},
      Row{"the side of a pair", double(plan.pair_side), 0, 1},
      Row{"the lockstep events", double(plan.events), 0, 1 << 20},
      Row{"payload_bytes", double(plan.payload_bytes), double(smallest_payload(plan.names)),
          1 << 20},
      Row{"settle_s", plan.settle_s, 0, 3600},
      Row{"warmup_s", plan.warmup_s, 0, 3600},
      Row{"measure_s", plan.measure_s, 0.01, 7200},
      Row{"drain_s", plan.drain_s, 0, 3600},
      Row{"poll_interval_s", plan.poll_interval_s, 1e-3, 3600},
      Row{"poll_wait_s", plan.poll_wait_s, 0.1, 3600},
      Row{"poll_gap_s", plan.poll_gap_s, 0, 3600},
      Row{"refresh_jitter_s", plan.refresh_jitter_s, 0, 3600},
      Row{"churn_session_s", plan.churn_session_s, 0, 7200},
      Row{"churn_pause_s", plan.churn_pause_s, 0.001, 600},
      Row{"slow_readers", plan.slow_readers, 0, 0.5},
      Row{"slow_read_bytes_per_s", plan.slow_read_bytes_per_s, 1, 1e8},
      Row{"connect_timeout_s", plan.connect_timeout_s, 0.01, 600},
      Row{"disrupt_at_s", std::max(plan.disrupt_at_s, 0.0), 0, plan.measure_s},
      Row{"connects_in_flight", double(plan.connects_in_flight), 1, 65536},
      Row{"workers", double(plan.workers), 1, std::min<double>(Board::most_workers, plan.clients)},
  };
  for (auto const& row : rows) {
    if (auto problem = number_problem(row.what, row.value, row.least, row.most)) return problem;
  }
  return std::nullopt;
}

// On average; a trace tells its own rate.
double expected_events(LoadPlan const& plan) {
  auto const rate =
      plan.arrivals == Arrivals::trace ? read_trace(plan.trace, plan).rate() : plan.rate;
  auto const crowd =
      plan.arrivals == Arrivals::flash ? plan.rate * (plan.flash_factor - 1) * plan.flash_s : 0;
  return rate * (plan.warmup_s + plan.measure_s) + crowd;
}

Problem crowd_problem(LoadPlan const& plan) {
  if (plan.churn_session_s > 0 && plan.churn_session_s < 0.1)
    return fmt::format("churn_session_s is {}: give 0.1 at least, or 0 for none",
                       plan.churn_session_s);
  if (plan.arrivals == Arrivals::lockstep && (plan.churn_session_s > 0 || plan.slow_readers > 0))
    return "lockstep waits for all clients after every event: leave churn and slow readers out";
  if (plan.slow_readers > 0 && !is_stream(plan.strategy))
    return fmt::format("slow readers read a stream slowly, and {} has none: leave slow_readers out",
                       name_of(plan.strategy));
  return std::nullopt;
}

Problem lockstep_problem(LoadPlan const& plan) {
  if (plan.events == 0) return std::nullopt;
  if (plan.arrivals != Arrivals::lockstep) return "a number of events needs lockstep: leave it out";
  if (plan.window != 1) return "counted events leave one by one: set window to 1";
  if (plan.warmup_s > 0) return "counted events are all measured: set warmup_s to 0";
  return std::nullopt;
}

Problem mqtt_problem(LoadPlan const& plan) {
  if (plan.strategy != Strategy::mqtt) return std::nullopt;
  if (auto problem = number_problem("the QoS of an MQTT client", plan.mqtt_qos, 0, 1))
    return problem;
  return number_problem("subscriptions per MQTT client", plan.subscriptions, 1, most_mqtt_topics);
}

Problem size_problem(LoadPlan const& plan) {
  if (plan.arrivals == Arrivals::lockstep) {
    if (plan.workers == 1) return std::nullopt;
    return "lockstep waits for all clients after every event and runs in one worker: set workers "
           "to 1";
  }
  auto const events = expected_events(plan);
  auto const pairs = events * plan.clients * plan.subscriptions / plan.names;
  if (events <= most_events && pairs <= most_pairs) return std::nullopt;
  return fmt::format(
      "the plan holds {:.0f} events and {:.0f} deliveries, at most {:.0f} and {:.0f} can be "
      "checked: "
      "lower the rate, the clients or measure_s",
      events, pairs, most_events, most_pairs);
}

Problem url_problem(std::string_view what, std::string const& url) {
  try {
    parse_url(url);
  } catch (BadUrl const& error) {
    return fmt::format("{}: {}", what, error.what());
  }
  return std::nullopt;
}

Problem header_problem(std::vector<std::string> const& headers) {
  for (auto const& header : headers) {
    if (header.find(':') == std::string::npos ||
        header.find_first_of("\r\n") != std::string::npos) {
      return fmt::format("the header '{}' is not of the form 'Name: value'", header);
    }
  }
  return std::nullopt;
}

// What would do nothing is an error, so that it cannot pass for a measurement.
Problem client_problem(LoadPlan const& plan) {
  auto const streams = plan.strategy == Strategy::sse || plan.strategy == Strategy::websocket;
  auto const does_nothing = [&](std::string_view what) {
    return fmt::format("{} does nothing for {}: leave it out", what, name_of(plan.strategy));
  };
  if (plan.refresh && !streams) return does_nothing("refresh");
  if (plan.refresh_jitter_s > 0 && !plan.refresh) return "refresh_jitter_s needs refresh: set it";
  if (!plan.keep_alive && streams && !plan.refresh) return does_nothing("keep_alive = false");
  if (plan.strategy != Strategy::long_poll) {
    if (plan.poll_gap_s > 0) return does_nothing("poll_gap_s");
    if (plan.cursor == CursorStyle::none) return does_nothing("the cursor style none");
  }
  return plan.refresh ? url_problem("the snapshot URL", plan.snapshot_url) : std::nullopt;
}

}  // namespace

std::string_view name_of(Popularity popularity) {
  return word_of(popularities, popularity);
}
std::optional<Popularity> popularity_named(std::string_view word) {
  return value_of(popularities, word);
}
std::optional<std::string> problem_of(LoadPlan const& plan) {
  if (auto problem = url_problem("the client URL", plan.client_url)) return problem;
  if (auto problem = url_problem("the ingest URL", plan.ingest.url)) return problem;
  if (!plan.snapshot_url.empty()) {
    if (auto problem = url_problem("the snapshot URL", plan.snapshot_url)) return problem;
  }
  if (auto problem = header_problem(plan.client_headers)) return problem;
  if (auto problem = header_problem(plan.ingest.headers)) return problem;
  if (auto problem = numbers_problem(plan)) return problem;
  if (auto problem = client_problem(plan)) return problem;
  if (auto problem = crowd_problem(plan)) return problem;
  if (auto problem = lockstep_problem(plan)) return problem;
  if (auto problem = mqtt_problem(plan)) return problem;
  auto const& body = plan.ingest.body;
  if (body.find("{notification}") == std::string::npos &&
      body.find("{notification_text}") == std::string::npos) {
    return "the ingest body lacks {notification}: clients could not recognise the event";
  }
  try {
    return size_problem(plan);
  } catch (BadTrace const& error) {
    return error.what();
  }
}

std::string_view name_of(Strategy strategy) {
  return word_of(strategies, strategy);
}
std::string_view name_of(Arrivals arrivals) {
  return word_of(arrivals_words, arrivals);
}
std::optional<Strategy> strategy_named(std::string_view word) {
  return value_of(strategies, word);
}
std::optional<Arrivals> arrivals_named(std::string_view word) {
  return value_of(arrivals_words, word);
}
std::optional<CursorStyle> cursor_named(std::string_view word) {
  return value_of(cursors, word);
}

}  // namespace pushlab::loadgen
