#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/http_stream.hpp"
#include "driver/raw_json.hpp"
#include "driver/tail_session.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

using std::chrono::milliseconds;

// Where a poll goes on: our cursor, or the validators of a server that uses those (nchan).
struct PollState {
  std::string cursor;
  std::string etag;
  std::string last_modified;
};

std::string string_member(std::string_view object, std::string_view name) {
  auto const raw = raw_member(object, name);
  if (!raw || !raw->starts_with('"')) return {};
  return json::parse(*raw).as_string().c_str();
}

// {"next":..,"events":[{"id":..,"data":..}],"reset":true}; false when the body has another shape.
bool print_poll_body(std::string_view body, TailSession& session, PollState& state) {
  boost::system::error_code error;
  auto const valid = json::parse(body, error);
  if (error || !valid.is_object() || !valid.get_object().contains("next")) return false;
  state.cursor = string_member(body, "next");
  auto const events = raw_member(body, "events");
  if (raw_member(body, "reset") == "true") session.event("reset", "", state.cursor);
  for (auto const event : raw_elements(events.value_or(""))) {
    auto const type = string_member(event, "event");
    session.event(type.empty() ? "message" : type, raw_member(event, "data").value_or(""),
                  string_member(event, "id"));
  }
  return true;
}

std::vector<std::string> poll_headers(TailRequest const& request, PollState const& state) {
  auto headers = request.headers;
  if (!state.etag.empty()) headers.push_back("If-None-Match: " + state.etag);
  if (!state.last_modified.empty()) headers.push_back("If-Modified-Since: " + state.last_modified);
  return headers;
}

// One request; gives the pause before the next one when it went wrong.
std::optional<std::string> poll(HttpStream& stream, TailSession& session, std::string const& url,
                                PollState& state) {
  std::string body;
  auto const answer = stream.get(url, poll_headers(session.request(), state), session,
                                 [&](HttpStream::Answer const&, std::string_view bytes) {
                                   body += bytes;
                                   return !session.over() && body.size() < (1U << 24);
                                 });
  if (answer.stopped) return std::nullopt;
  if (!answer.error.empty()) return answer.error;
  bool const nothing_new = answer.status == 204 || answer.status == 304 || answer.status == 408;
  if (answer.status >= 500) return fmt::format("status {}", answer.status);
  if (answer.status != 200 && !nothing_new)
    throw TailError(fmt::format("{}: status {}: check the URL", url, answer.status));
  if (auto etag = answer.header("etag"); !etag.empty()) state.etag = std::move(etag);
  if (auto modified = answer.header("last-modified"); !modified.empty())
    state.last_modified = std::move(modified);
  if (!nothing_new && !print_poll_body(body, session, state))
    session.event("message", body, state.etag);
  return std::nullopt;
}

void follow(TailSession& session, std::string const& url, milliseconds pause) {
  auto const& request = session.request();
  HttpStream stream;
  PollState state{request.last_event_id, {}, {}};
  while (!session.over()) {
    auto const next = state.cursor.empty() ? url : with_parameter(url, "since", state.cursor);
    auto const begin = std::chrono::steady_clock::now();
    auto const problem = poll(stream, session, next, state);
    if (request.once && problem) throw TailError(fmt::format("{}: {}", url, *problem));
    if (request.once || session.over()) return;
    auto const spent =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    if (problem)
      session.reconnect_after(std::max(pause, milliseconds(1000)), *problem);
    else
      session.pause(std::max(pause - spent, milliseconds(0)));
  }
}

}  // namespace

void tail_long_poll(TailSession& session) {
  auto const& request = session.request();
  follow(session, with_parameter(request.url, "wait", fmt::format("{}", request.wait_s)),
         milliseconds(0));
}

void tail_short_poll(TailSession& session) {
  auto const& request = session.request();
  follow(session, request.url,
         std::chrono::duration_cast<milliseconds>(
             std::chrono::duration<double>(request.poll_interval_s)));
}

}  // namespace pushlab::driver
