#include <array>
#include <utility>

#include "report/markup.hpp"
#include "report/sections.hpp"

namespace pushlab::report {

namespace {

constexpr auto strategy_words = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"sse",
     "Server-sent events: the client opens one ordinary HTTP request, and the answer never ends; "
     "each event is "
     "written into it as it happens."},
    {"websocket",
     "WebSocket: one HTTP request is turned into a two-way message connection, over which the "
     "server sends "
     "each event."},
    {"mqtt",
     "MQTT over WebSocket: the client subscribes to topics of a message broker over a two-way "
     "message "
     "connection, and the broker sends each event."},
    {"long-poll",
     "Long polling: the client asks, the server holds the request until something happens, "
     "answers, "
     "and the client asks again at once."},
    {"short-poll",
     "Short polling: the client asks at a fixed interval whether anything is new. One answer "
     "brings "
     "all events since the last one, so a delivery gets cheaper the more often something happens."},
    {"reload",
     "Page reload: the client fetches the whole current state at a fixed interval, as a person who "
     "presses reload would. What is counted is that fetch alone, and one covers all events since "
     "the last: a delivery gets cheaper the more often something happens, and no sooner."},
});

constexpr auto glossary_terms = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Event",
     "Something that changed in the backend and that every subscribed client should learn of."},
    {"Delivery", "One event reaching one client. An event for 1000 clients is 1000 deliveries."},
    {"Latency",
     "The time from the moment an event was due by the plan until a client had received it. "
     "Counting "
     "from the plan, not from the actual send, means that a stall anywhere cannot hide."},
    {"p50, p99, p99.9",
     "Percentiles. p99 is the time that 99 of 100 deliveries did not exceed; p50, the median, is "
     "the "
     "typical delivery. Averages are not shown: a few slow deliveries vanish in them."},
    {"95 % interval",
     "The range in which the figure would very likely fall if the run were repeated, from "
     "resampling "
     "the repetitions and the events in them. Where intervals are wide, the figure is not sure."},
    {"Tie, unclear",
     "A tie: the ratio of two targets surely lies within 10 %. Unclear: the interval of the ratio "
     "includes 1, so this run cannot tell which of them is better. The report then names no single "
     "winner."},
    {"Lost",
     "A delivery that had not arrived when the run ended. It counts as infinitely late, and a "
     "target that "
     "loses deliveries cannot win."},
    {"Useless request", "A request that was answered with nothing new."},
    {"Repetition",
     "One complete measurement of one target, with fresh processes. Targets take turns, so that a "
     "slow "
     "minute of the machine does not hit one of them alone."},
    {"Invalid",
     "The load generator or the machine was itself the bottleneck, so the figures say nothing "
     "certain about "
     "the target."},
    {"KiB per connection",
     "Memory in units of 1024 bytes that one more idle connection costs: in the server's own "
     "processes (server) and inside the operating system (kernel)."},
});

}  // namespace

std::string_view strategy_sentence(std::string_view strategy) {
  for (auto const& [name, sentence] : strategy_words) {
    if (name == strategy) return sentence;
  }
  return {};
}

std::string glossary_section(Place const& place) {
  std::string body = "<dl class=\"glossary\">\n";
  for (auto const& [term, meaning] : glossary_terms) {
    body += "<div><dt>" + escape(term) + "</dt><dd>" + escape(meaning) + "</dd></div>\n";
  }
  return section(place.level, place.prefix + "glossary", "The terms used", body + "</dl>\n");
}

}  // namespace pushlab::report
