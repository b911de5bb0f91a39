#include "tests/conformance/polling/poll.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "tests/conformance/wire/content_decoder.hpp"

namespace pushlab::conformance {
namespace {

constexpr int most_polls = 1000;

Request request_for(Endpoint const& endpoint, Cursor const& cursor, Fields const& more) {
  auto request = endpoint.request();
  if (cursor.form == Cursor::Form::etag) {
    request.with("If-None-Match", cursor.value);
    if (!cursor.modified.empty()) request.with("If-Modified-Since", cursor.modified);
  }
  for (auto const& field : more) request.with(field.name, field.value);
  return request;
}

Url url_for(Url url, Cursor const& cursor, std::optional<double> wait_s) {
  if (cursor.form == Cursor::Form::next) url = url.with_query("since", cursor.value);
  if (!cursor.connection.empty()) url = url.with_query("connection", cursor.connection);
  if (wait_s) url = url.with_query("wait", fmt::format("{}", *wait_s));
  return url;
}

void read_json(PollAnswer& answer) {
  boost::system::error_code error;
  auto const parsed = boost::json::parse(answer.text, error);
  auto const* object = error ? nullptr : parsed.if_object();
  answer.is_json = !error;
  if (!object) return;
  auto const is_true = [&](char const* name) {
    auto const* member = object->if_contains(name);
    return member && member->is_bool() && member->as_bool();
  };
  answer.reset = is_true("reset");
  answer.more = is_true("more");
  if (auto const* events = object->if_contains("events"); events && events->is_array())
    answer.events = events->as_array().size();
  if (auto const* connection = object->if_contains("connection");
      connection && connection->is_string())
    answer.cursor.connection = connection->as_string();
  auto const* next = object->if_contains("next");
  if (!next || !next->is_string()) return;
  answer.has_cursor = true;
  answer.cursor.form = Cursor::Form::next;
  answer.cursor.value = next->as_string();
}

PollAnswer understood(Head head, Body body, Cursor asked) {
  PollAnswer answer;
  answer.at = body.ended_at;
  auto const decoder = ContentDecoder::of(lower(head.value("Content-Encoding")));
  answer.text = decoder ? decoder->feed(body.content) : body.content;
  answer.cursor = std::move(asked);
  read_json(answer);
  if (!answer.has_cursor && head.has("ETag")) {
    answer.has_cursor = true;
    if (answer.cursor.form != Cursor::Form::next)
      answer.cursor = {Cursor::Form::etag, head.value("ETag"), head.value("Last-Modified"), {}};
  }
  answer.head = std::move(head);
  answer.body = std::move(body);
  return answer;
}

}  // namespace

std::string PollAnswer::in_short() const {
  return fmt::format("{}, {} bytes", head.status_line(), body.content.size());
}

HeldPoll::HeldPoll(Endpoint& endpoint, Url const& url, Cursor cursor, std::optional<double> wait_s,
                   Fields const& more)
    : connection_(url, endpoint.answer_deadline()), cursor_(std::move(cursor)) {
  auto const request = request_for(endpoint, cursor_, more);
  connection_.send(request.bytes(url_for(url, cursor_, wait_s)), endpoint.answer_deadline());
  sent_at_ = Clock::now();
}

std::optional<PollAnswer> HeldPoll::answer(Deadline const& deadline) {
  try {
    auto head = read_head(connection_, deadline);
    BodyReader reader(connection_, head, "GET");
    if (!reader.read(deadline)) return {};
    return understood(std::move(head), reader.body(), cursor_);
  } catch (WireError const& error) {
    if (error.kind != WireError::Kind::silent) throw;
    return {};
  }
}

PollAnswer poll(Endpoint& endpoint, Url const& url, Cursor const& cursor, double wait_s,
                Fields const& more) {
  HeldPoll held(endpoint, url, cursor, wait_s, more);
  auto answer = held.answer(Deadline::in(endpoint.settings().answer_s + wait_s));
  if (!answer) throw WireError(WireError::Kind::silent, "a poll was not answered in time");
  return std::move(*answer);
}

Cursor first_cursor(Endpoint& endpoint, Endpoint::Channel const& channel) {
  HeldPoll held(endpoint, channel.url, {}, {});
  auto answer = held.answer(Deadline::in(endpoint.settings().polling.prime_s));
  auto const deadline = endpoint.answer_deadline();
  while (!answer && endpoint.has_publisher() && !deadline.over()) {
    endpoint.publish(channel, "prime");
    answer = held.answer(Deadline::in(endpoint.settings().polling.prime_s));
  }
  if (!answer) throw Skip("the first poll is held, so there is no cursor to begin with");
  if (!answer->has_cursor)
    throw Skip("no cursor that is known here, neither a member \"next\" nor an ETag: " +
               answer->in_short());
  return answer->cursor;
}

std::vector<PollAnswer> poll_until(Endpoint& endpoint, Url const& url, Cursor& cursor,
                                   std::string_view marker) {
  std::vector<PollAnswer> answers;
  for (int i = 0; i < most_polls; ++i) {
    HeldPoll held(endpoint, url, cursor, 1);
    auto answer = held.answer(Deadline::in(endpoint.settings().delivery_s));
    if (!answer) break;
    cursor = answer->cursor;
    bool const empty = answer->head.status != 200 || answer->events == 0U;
    bool const last = empty || answer->has(marker);
    answers.push_back(std::move(*answer));
    if (last) break;
  }
  return answers;
}

}  // namespace pushlab::conformance
