#include "servers/long_poll/long_poll_session.hpp"

#include <charconv>

namespace pushlab::server {
namespace {

constexpr std::uint32_t default_wait_s = 25, max_wait_s = 55;

struct LongPollState : SessionState {
  Viewer viewer;
  bool keep_alive = true;  // of the held request
  HeaderFields cors;       // of the held request
};

LongPollState& state_of(Connection& connection) {
  if (!connection.state()) connection.state() = std::make_unique<LongPollState>();
  return static_cast<LongPollState&>(*connection.state());
}

// Seconds, capped below what proxies allow; nothing when it is no number.
std::optional<std::uint32_t> wait_of(Target const& target) {
  auto const text = target.value("wait");
  if (!text) return default_wait_s;
  std::uint32_t wait_s = 0;
  auto const end = text->data() + text->size();
  auto const [at, ec] = std::from_chars(text->data(), end, wait_s);
  if (ec != std::errc{} || at != end) return std::nullopt;
  return std::min(wait_s, max_wait_s);
}

}  // namespace

Poller poller_of(Request const& request, Viewer const& admitted) {
  Poller poller{admitted};
  if (auto id = request.target.value("connection"))
    poller.viewer.connection = std::move(*id);
  else if (!cursor_of(request))
    poller.viewer.connection = poller.new_id = new_connection_id();
  return poller;
}

PollBody answer_part(Resume& resume, EventId now) {
  PollBody body{now, resume.reset};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < resume.missed.size(); ++i) {
    bytes += resume.missed[i]->notification.body.size();
    if (bytes <= max_poll_answer_bytes || i == 0) continue;
    resume.missed.resize(i);
    body.next.seq = resume.missed.back()->seq;
    body.more = true;
  }
  return body;
}

void LongPollSession::on_subscribe(Connection& connection, Request const& request,
                                   Admission const& admission) {
  auto const wait_s = wait_of(request.target);
  if (!wait_s)
    return connection.respond(
        context().door.dressed(problem(400, "\"wait\" must be a whole number of seconds."),
                               request),
        request);
  auto const [viewer, new_id] = poller_of(request, admission.viewer);
  auto resumed = resume(request, viewer);
  // Who has no cursor yet gets one at once: what happens between two polls is then never lost.
  auto const at_once = *wait_s == 0 || !cursor_of(request) || request.is_head();
  if (resumed.reset || !resumed.missed.empty() || at_once) {
    auto body = answer_part(resumed, hub().now());
    body.connection = new_id;
    return connection.respond(
        {200, "application/json", poll_body(body, body.next.epoch, resumed.missed), admission.cors},
        request);
  }
  subscribe(connection, viewer);
  auto& state = state_of(connection);
  state.keep_alive = request.keep_alive;
  state.cors = admission.cors;
  connection.hold(request, *wait_s, state.cors.empty());
}

void LongPollSession::subscribe(Connection& connection, Viewer const& viewer) {
  auto& state = state_of(connection);
  if (state.viewer == viewer) return;
  hub().remove(connection.slot());
  hub().add(connection.slot(), viewer);
  state.viewer = viewer;
}

// The shared answer, with what CORS wants of this one behind its status line.
Bytes LongPollSession::held_answer(Connection& connection, Bytes const& shared) {
  auto const& cors = state_of(connection).cors;
  if (cors.empty()) return shared;
  std::string answer{shared.view};
  answer.insert(answer.find("\r\n") + 2, to_lines(cors));
  return owned(std::move(answer));
}

void LongPollSession::on_deadline(Connection& connection) {
  answer_empty(connection, state_of(connection).keep_alive);
}

void LongPollSession::answer_empty(Connection& connection, bool keep_alive) {
  Request held;
  held.keep_alive = keep_alive;
  connection.respond({200, "application/json", poll_body({hub().now()}, hub().now().epoch, {}),
                      state_of(connection).cors},
                     held);
}

void LongPollSession::on_drain(Connection& connection) {
  if (connection.waiting_for_event()) answer_empty(connection, false);
  connection.end_after_writing(EndReason::drained);
}

void LongPollSession::on_revoke(Connection& connection) {
  if (connection.waiting_for_event()) {
    auto answer = problem(401, "The session is over.");
    answer.fields.emplace_back("WWW-Authenticate", "Bearer");
    Request held;
    held.keep_alive = false;
    connection.send(owned(to_wire(answer, held)));
  }
  connection.end_after_writing(EndReason::revoked);
}

void LongPollSession::on_end(Connection& connection) {
  ClientHandler::on_end(connection);
  connection.state().reset();
}

}  // namespace pushlab::server
