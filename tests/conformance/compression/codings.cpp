#include "tests/conformance/compression/codings.hpp"

#include <algorithm>
#include <random>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/polling/poll.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t worth_coding = 4096;  // bytes

std::string coding_of(Head const& head) {
  auto const coding = lower(head.value("Content-Encoding"));
  return coding == "identity" ? "" : coding;
}

bool names_codings(Request const& request) {
  return std::any_of(request.fields.begin(), request.fields.end(), [](Field const& field) {
    return same_text(field.name, "Accept-Encoding") && !field.value.empty();
  });
}

void decode(CodedAnswer& answer) {
  answer.coding = coding_of(answer.head);
  auto const decoder = ContentDecoder::of(answer.coding);
  if (!decoder) return;
  answer.text = decoder->feed(answer.wire);
  answer.state = decoder->state();
  answer.error = decoder->error();
  answer.surplus = decoder->surplus();
  answer.raw_deflate = decoder->raw_deflate();
}

CodedAnswer stream_answer(Endpoint& endpoint, Request const& request) {
  auto const channel = endpoint.channel();
  std::optional<EventStream> opened;
  try {
    opened.emplace(channel.url, request, endpoint.answer_deadline());
  } catch (WireError const& error) {
    if (error.kind != WireError::Kind::silent || !names_codings(request)) throw;
    CodedAnswer none;
    none.silent = true;
    return none;
  }
  auto& stream = *opened;
  if (stream.head().status == 200 && endpoint.has_publisher()) {
    auto const marker = endpoint.marker();
    endpoint.publish(channel, marker + noise(worth_coding));
    stream.await(marker, Deadline::in(endpoint.settings().delivery_s));
  } else {
    stream.listen(endpoint.settings().still_open_s);
  }
  CodedAnswer answer;
  answer.head = stream.head();
  answer.wire = stream.body().content;
  answer.complete = stream.body().end == Body::End::complete;
  return answer;
}

CodedAnswer poll_answer(Endpoint& endpoint, Fields const& fields) {
  auto const channel = endpoint.channel();
  auto const cursor = first_cursor(endpoint, channel);
  if (endpoint.has_publisher()) endpoint.publish(channel, noise(worth_coding));
  auto const answered = poll(endpoint, channel.url, cursor, 1, fields);
  CodedAnswer answer;
  answer.head = answered.head;
  answer.wire = answered.body.content;
  answer.complete = answered.body.end == Body::End::complete;
  return answer;
}

}  // namespace

Request request_for(Endpoint const& endpoint, std::optional<std::string> const& accept_encoding) {
  auto request = endpoint.request();
  request.without("Accept-Encoding");
  if (accept_encoding) request.with("Accept-Encoding", *accept_encoding);
  return request;
}

CodedAnswer answer_for(Endpoint& endpoint, std::optional<std::string> const& accept_encoding) {
  Fields fields;
  if (accept_encoding) fields.push_back({"Accept-Encoding", *accept_encoding});
  auto answer = endpoint.strategy() == Strategy::sse
                    ? stream_answer(endpoint, request_for(endpoint, accept_encoding))
                    : poll_answer(endpoint, fields);
  decode(answer);
  return answer;
}

namespace {

std::shared_ptr<CodedAnswer const> asked_once(Endpoint& endpoint, std::string const& coding) {
  return endpoint.once<CodedAnswer>("answer in " + coding,
                                    [&] { return answer_for(endpoint, coding); });
}

}  // namespace

std::shared_ptr<CodedAnswer const> answer_in(Endpoint& endpoint, std::string const& coding) {
  auto answer = asked_once(endpoint, coding);
  if (answer->silent) throw Skip("no answer comes in " + coding + ": see COMP-04");
  if (answer->coding != coding) throw Skip("the endpoint does not use " + coding);
  return answer;
}

std::vector<std::string> used_codings(Endpoint& endpoint) {
  std::vector<std::string> used;
  for (auto const* coding : {"gzip", "deflate", "br", "zstd"}) {
    auto const answer = asked_once(endpoint, coding);
    if (answer->silent || answer->coding == coding) used.emplace_back(coding);
  }
  if (used.empty())
    throw Skip("the endpoint codes nothing, neither for gzip nor deflate, br or zstd");
  return used;
}

std::string noise(std::size_t size) {
  constexpr std::string_view letters =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  std::mt19937 numbers(static_cast<unsigned>(size));
  std::string text;
  while (text.size() < size) text += letters[numbers() % letters.size()];
  return text;
}

}  // namespace pushlab::conformance
