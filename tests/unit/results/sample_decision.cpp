#include "tests/unit/results/sample_decision.hpp"

#include <cmath>

#include "tests/unit/results/sample_result.hpp"

namespace pushlab::sample {

namespace json = boost::json;

namespace {

Target null_server() {
  return {"null",
          "Null server",
          "sse",
          [](Random& random, double share) {
            return 0.35 * std::exp(0.1 * random.normal()) + 1.2 * share;
          },
          3.2,
          0.4,
          9,
          210};
}

json::object experiment(std::string const& name, std::string const& title, Plan const& plan,
                        std::vector<Target> const& targets) {
  auto measured = result(plan, targets);
  measured.erase("machine");
  measured["skipped"] = json::array{};
  measured["scenario"].as_object()["name"] = name;
  measured["scenario"].as_object()["title"] = title;
  measured["scenario"].as_object()["file"] = "scenarios/experiments/" + name + ".toml";
  for (json::value& target : measured["targets"].as_array()) {
    json::object& one = target.as_object();
    one["base"] = one["id"];
    for (json::value& repetition : one["repetitions"].as_array()) {
      repetition.at("generator").as_object()["checks"] = json::parse(R"([
        {"check": "cpu", "value": 0.18, "limit": 0.7, "unit": "share", "verdict": "ok"},
        {"check": "lag", "value": 1.9, "limit": 1, "unit": "ms", "verdict": "suspect"}])");
    }
  }
  return {{"name", name},
          {"title", title},
          {"question", "Which strategy is up first, and at what price?"},
          {"compression", name == "poll-rate" ? "An hour of polling is one minute here: the share "
                                                "of useless requests depends on events per "
                                                "interval alone."
                                              : ""},
          {"result", std::move(measured)}};
}

json::value claims() {
  return json::parse(R"([
    {"id": "C04", "claim": "Polling every 10 s with an event an hour makes 359 useless GETs",
     "source": "Notify the front", "verdict": "confirmed",
     "hypothesis": "All but one of 360 requests an hour bring nothing.",
     "experiment": "Short polling at the same events per interval, useless requests counted.",
     "compression": "The share depends on events per interval alone.",
     "checks": [{"title": "useless share", "experiment": "poll-rate", "metric": "useless_request_share",
       "target": "short-poll", "equals": "useless-polls", "value": 0.997, "lo": 0.996, "hi": 0.998,
       "unit": "share", "outcome": "confirmed", "sentence": "99.7 % of the requests were useless."}]},
    {"id": "C07", "claim": "SSE performs like WebSocket and <b>much better</b> than polling",
     "source": "WebSockets or else", "verdict": "depends",
     "depends_on": "Confirmed for median latency, refuted for server CPU.",
     "checks": [
       {"title": "like WebSocket, median latency", "experiment": "fan-out", "metric": "latency_p50_ms",
        "target": "sse", "against": "websocket", "within": [0.9, 1.1], "value": 0.98, "lo": 0.95,
        "hi": 1.02, "unit": "ratio", "outcome": "confirmed", "sentence": "0.98 of WebSocket's."},
       {"title": "like WebSocket, server CPU", "experiment": "fan-out",
        "metric": "server_cpu_us_per_delivery", "target": "sse", "against": "websocket",
        "within": [0.9, 1.1], "value": 0.86, "lo": 0.84, "hi": 0.89, "unit": "ratio",
        "outcome": "refuted", "sentence": "0.86 of WebSocket's."}]},
    {"id": "C12", "claim": "HTTP/1.1 allows six streams", "verdict": "confirmed",
     "checks": [{"title": "LIMIT-07 on sse", "conform": "LIMIT-07", "target": "sse",
       "outcome": "confirmed", "reason": "The rule passes.", "sentence": "LIMIT-07 passes on sse."}]},
    {"id": "C19", "claim": "WebSocket does not work with proxies", "verdict": "refuted",
     "checks": [{"title": "behind proxies as they come", "matrix": "websocket", "flavour": "default",
       "at_least": 1.0, "value": 0.4, "unit": "share", "outcome": "refuted",
       "sentence": "It works behind 3 of 5 proxies as they come."}]},
    {"id": "C23", "claim": "All subscribers get the event at the same time", "verdict": "undecided",
     "checks": [{"title": "spread", "experiment": "fan-out", "metric": "spread_ms", "target": "sse",
       "below": 2, "value": 1.9, "lo": 1.6, "hi": 2.3, "unit": "ms", "outcome": "undecided",
       "sentence": "The last client is 1.90 ms after the first (1.60 to 2.30)."}]},
    {"id": "C31", "claim": "Mobile radios drain the battery", "verdict": "not testable here",
     "not_testable": "There is no radio in this machine.", "checks": []}])");
}

json::value crossovers() {
  return json::parse(R"([
    {"id": "poll-cpu", "question": "From how many events on does polling cost less CPU than SSE?",
     "x_unit": "events per polling interval", "y_unit": "CPU µs per delivery",
     "x": 2.4, "lo": 2.1, "hi": 2.9,
     "sentence": "Polling costs fewer CPU µs per delivery than SSE above 2.40 events per polling interval (95 % interval 2.10 to 2.90).",
     "curves": [{"label": "Polling", "points": [[0.01, 1400], [0.1, 140], [1, 15], [10, 1.9]]},
                {"label": "SSE", "points": [[0.01, 6.2], [0.1, 6.1], [1, 6.1], [10, 6.0]]}]},
    {"id": "refresh-bytes", "question": "Up to which size is an event with data cheaper than a refresh?",
     "x_unit": "bytes of the data", "y_unit": "wire bytes per delivery", "x": null, "lo": null, "hi": null,
     "sentence": "Refresh costs more wire bytes per delivery than data everywhere from 50 to 5000 bytes; nothing is said beyond.",
     "curves": [{"label": "Refresh event", "points": [[50, 620], [500, 1070], [5000, 5580]]},
                {"label": "Event with data", "points": [[60, 236], [500, 690], [5000, 5200]]}]}])");
}

json::value matrix() {
  return json::parse(R"({
    "endpoint": "the target sse", "strategy": "sse", "started": "1970-01-01 00:00 UTC",
    "legend": "✕ breaks a rule.",
    "tables": [{"title": "Delay", "explanation": "How long a proxy kept an event.",
      "caption": "Delay, ms", "columns_of_words": [], "head": ["proxy", "as it comes", "tuned"],
      "rows": [[{"text": "nginx", "verdict": "info"}, {"text": "never", "verdict": "fail"},
                {"text": "0.2", "verdict": "pass"}]]}]})");
}

json::value verdict() {
  return json::parse(R"({"verdict": "chosen", "experiment": "fan-out", "chosen": "sse",
    "between": ["sse"], "sure": 0.97, "runner_up": "websocket",
    "sentence": "Server-sent events: with the given weights they win in 97 % of the draws; WebSocket is next.",
    "options": [{"id": "sse", "title": "Server-sent events"}, {"id": "websocket", "title": "WebSocket"}]})");
}

}  // namespace

json::object decision() {
  auto targets = five_targets();
  Plan const plan{40, 40, 3, 10, 0.08, 7};
  json::array experiments{
      experiment("poll-rate", "Polling at many event rates", plan, {targets[0], targets[3]})};
  targets.insert(targets.begin(), null_server());
  experiments.push_back(experiment("fan-out", "One event to all clients", plan, targets));
  auto const whole = result(plan, {});
  return {
      {"schema", "pushlab.decision/1"},
      {"run", whole.at("run")},
      {"machine", whole.at("machine")},
      {"decision",
       json::object{{"name", "decision"},
                    {"title", "How to tell the front that something changed"},
                    {"question", "Which way of telling open pages of a change should we build?"},
                    {"text", "title = \"sample\"\n"},
                    {"sha256", std::string(64, '0')}}},
      {"experiments", std::move(experiments)},
      {"conformance", json::array{}},
      {"matrix", matrix()},
      {"verdict", verdict()},
      {"crossovers", crossovers()},
      {"prices", json::object{{"usd_per_gb", 0.05}}},
      {"claims", claims()}};
}

}  // namespace pushlab::sample
