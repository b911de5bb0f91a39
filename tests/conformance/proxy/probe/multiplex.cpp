#include "tests/conformance/proxy/probe/multiplex.hpp"

#include <algorithm>
#include <atomic>
#include <vector>

#include "tests/conformance/proxy/probe/signal.hpp"
#include "tests/conformance/wire/h2_connection.hpp"

namespace pushlab::conformance {
namespace {

// The streams of the origin: the one whose query is "cancelled" tells of its end.
struct Streams {
  std::atomic<bool> second = false;
  Signal<Instant> told;
};

Origin::Talk two_events(std::shared_ptr<Streams> streams, std::vector<std::string> head) {
  return [=](Peer& peer, Asked const& asked) {
    Reply reply(peer, asked, head);
    reply.send("data: first\n\n");
    auto const stay = Deadline::in(20);
    bool there = true;
    while (there && !streams->second && !stay.over()) there = peer.wait(0.01);
    if (there) reply.send("data: second\n\n");
    there = there && peer.wait(10);
    if (!there && asked.target.ends_with("cancelled")) streams->told.set(Clock::now());
  };
}

// Reads until so many of the streams hold the text; how many do.
int read_until(H2Connection& connection, std::vector<std::int32_t> const& ids,
               std::string_view text, Deadline const& deadline) {
  auto const holding = [&] {
    return std::count_if(ids.begin(), ids.end(), [&](std::int32_t id) {
      return connection.stream(id).content.find(text) != std::string::npos;
    });
  };
  connection.read(deadline, [&] { return holding() == static_cast<std::ptrdiff_t>(ids.size()); });
  return static_cast<int>(holding());
}

void run(Multiplex& found, Streams& streams, Url url, Settings const& settings) {
  H2Connection connection(url, Deadline::in(settings.answer_s));
  auto const allowed = connection.max_streams().value_or(settings.proxy.streams);
  found.asked = std::min(settings.proxy.streams, static_cast<int>(allowed));
  auto const path = url.target;
  std::vector<std::int32_t> ids;
  for (int i = 0; i < found.asked; ++i) {
    url.target = path + (i == 0 ? "?cancelled" : "?kept");
    ids.push_back(connection.request(url, Request().with("Accept", "text/event-stream"),
                                     Deadline::in(settings.answer_s)));
  }
  found.began = read_until(connection, ids, "first", Deadline::in(settings.answer_s));
  auto const cancelled = Clock::now();
  connection.cancel(ids.front(), Deadline::in(settings.answer_s));
  if (auto const told = streams.told.wait(settings.proxy.told_busy_s))
    found.told_s = seconds_between(cancelled, *told);
  streams.second = true;
  ids.erase(ids.begin());
  found.went_on = read_until(connection, ids, "second", Deadline::in(settings.answer_s));
}

}  // namespace

Multiplex multiplex(Origin& origin, Url const& h2_front, Settings const& settings) {
  auto const streams = std::make_shared<Streams>();
  Multiplex found;
  try {
    run(found, *streams, at(h2_front, origin.serve(two_events(streams, origin.head()))), settings);
  } catch (WireError const& error) {
    found.error = error.what();
  }
  streams->second = true;
  return found;
}

}  // namespace pushlab::conformance
