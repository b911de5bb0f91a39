#include "tests/conformance/proxy/probe/requests.hpp"

#include <fmt/format.h>

#include <atomic>

#include "tests/conformance/proxy/probe/signal.hpp"
#include "tests/conformance/proxy/probe/upgrade.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::string_view ask_for_stream = "text/event-stream";

void hold(Peer& peer, double seconds) {
  peer.wait(seconds);
}

Connection ask(Url const& url, Request const& request, double seconds) {
  Connection connection(url, Deadline::in(seconds));
  connection.send(request.bytes(url), Deadline::in(seconds));
  return connection;
}

struct Visits {
  std::atomic<int> count = 0;
  Signal<bool> first, second;
};

std::vector<std::string> with_cache_control(std::vector<std::string> head,
                                            std::string const& value) {
  std::erase_if(head, [](std::string const& line) {
    return same_text(line.substr(0, line.find(':')), "Cache-Control");
  });
  if (!value.empty()) head.push_back("Cache-Control: " + value);
  return head;
}

Origin::Talk numbering(std::shared_ptr<Visits> visits, std::vector<std::string> head,
                       double hold_s) {
  return [=](Peer& peer, Asked const& asked) {
    int const number = ++visits->count;
    Reply reply(peer, asked, head);
    reply.send(fmt::format("data: you are number {}\n\n", number));
    (number == 1 ? visits->first : visits->second).set(true);
    hold(peer, hold_s);
  };
}

// Without the line ends around: of a last chunk some proxies send the one before late.
std::string_view trimmed_ends(std::string_view bytes) {
  auto const begin = bytes.find_first_not_of("\r\n");
  if (begin == std::string_view::npos) return {};
  return bytes.substr(begin, bytes.find_last_not_of("\r\n") + 1 - begin);
}

// Bytes for a person: the first line of an answer, or what came instead.
std::string first_line(std::string const& bytes) {
  return quoted(bytes.substr(0, bytes.find("\r\n")), 60);
}

std::string name_of(Arrival const& arrival) {
  switch (arrival.kind) {
    case Arrival::Kind::bytes:
      return trimmed_ends(arrival.bytes) == "0" ? "orderly end" : first_line(arrival.bytes);
    case Arrival::Kind::end:
      return "closed";
    case Arrival::Kind::reset:
      return "reset";
    default:
      return "nothing";
  }
}

void compare(std::vector<Change>& changes, std::string const& what, std::string const& sent,
             std::string const& arrived) {
  if (sent != arrived) changes.push_back({what, sent, arrived});
}

}  // namespace

Sharing ask_twice(Origin& origin, Url const& front, std::string const& cache_control,
                  Settings const& settings) {
  auto const& limits = settings.proxy;
  auto const wait_s = limits.told_busy_s;
  auto const visits = std::make_shared<Visits>();
  auto const url =
      at(front, origin.serve(numbering(visits, with_cache_control(origin.head(), cache_control),
                                       10 * wait_s)));
  auto const request = Request().with("Accept", std::string(ask_for_stream));
  auto first = ask(url, request, settings.answer_s);
  if (!visits->first.wait(settings.answer_s)) return Sharing::held;
  first.receive(Deadline::in(0.3 * limits.settle_s));  // now the proxy has the answer, too
  auto second = ask(url, request, settings.answer_s);
  std::string text;
  auto const deadline = Deadline::in(wait_s);
  while (!deadline.over()) {
    auto const arrival = second.receive(Deadline::in(0.05));
    text += arrival.bytes;
    if (text.find("number 1") != std::string::npos) return Sharing::shared;
    if (visits->count > 1) return Sharing::own;
    if (arrival.kind == Arrival::Kind::end || arrival.kind == Arrival::Kind::reset) break;
  }
  return Sharing::held;
}

std::string Change::text() const {
  return fmt::format("{} left as {} and arrived {}", what, quoted(sent),
                     arrived.empty() ? "not at all" : "as " + quoted(arrived));
}

std::vector<Change> changes(Origin& origin, Url const& front, Settings const& settings) {
  auto const seen = std::make_shared<Signal<Asked>>();
  auto const path = origin.serve([seen](Peer& peer, Asked const& asked) {
    seen->set(asked);
    peer.send_head("200 OK", {"Content-Length: 0", "Cache-Control: no-store"});
  });
  auto const url = at(front, path + "?events=a,b&last=%C3%A9%2F+x&empty=");
  Request request;
  request.with("Accept", std::string(ask_for_stream))
      .with("Last-Event-ID", "7f3a-000000000042")
      .with("Authorization", "Bearer abc.DEF-123~+/==")
      .with("Cookie", "connect.sid=s%3Aabc.def; other=1");
  auto const connection = ask(url, request, settings.answer_s);
  auto const asked = seen->wait(settings.answer_s);
  if (!asked) return {{"the request", request.bytes(url), ""}};
  std::vector<Change> changes;
  compare(changes, "the query", url.target, asked->target);
  for (auto const& field : request.fields)
    compare(changes, field.name, field.value, asked->value(field.name));
  return changes;
}

Repeats stay_silent(Origin& origin, Url const& front, Settings const& settings) {
  auto const silent_s = settings.proxy.silent_s;
  auto const count = std::make_shared<std::atomic<int>>(0);
  auto const url = at(front, origin.serve([=](Peer& peer, Asked const&) {
    ++*count;
    hold(peer, silent_s + 1);
  }));
  auto connection = ask(url, Request(), settings.answer_s);
  auto const arrival = connection.receive(Deadline::in(silent_s));
  return {*count, name_of(arrival)};
}

Idle stay_idle(Origin& origin, Url const& front, Silence kind, Settings const& settings) {
  auto const idle_s = settings.proxy.idle_s;
  auto const url =
      at(front, origin.serve([=, head = origin.head()](Peer& peer, Asked const& asked) {
        if (kind == Silence::stream) Reply(peer, asked, head).send("data: the only one\n\n");
        if (kind == Silence::socket) accept_upgrade(peer, asked);
        hold(peer, idle_s + 1);
      }));
  auto request = Request().with("Accept", std::string(ask_for_stream));
  if (kind == Silence::socket) request = handshake(request);
  auto connection = ask(url, request, settings.answer_s);
  auto last = Clock::now();
  std::string begin;
  auto const settled = Deadline::in(settings.proxy.settle_s);
  auto arrival = connection.receive(settled);
  for (; arrival.kind == Arrival::Kind::bytes; arrival = connection.receive(settled)) {
    last = arrival.at;
    begin += arrival.bytes;
  }
  if (kind == Silence::socket && !begin.starts_with("HTTP/1.1 101"))
    return {false, true, 0, begin.empty() ? name_of(arrival) : first_line(begin)};
  if (arrival.kind == Arrival::Kind::nothing) arrival = connection.receive(Deadline::in(idle_s));
  return {true, arrival.kind != Arrival::Kind::nothing, seconds_between(last, arrival.at),
          name_of(arrival)};
}

}  // namespace pushlab::conformance
