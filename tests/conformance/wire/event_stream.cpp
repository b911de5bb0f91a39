#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {
namespace {

std::unique_ptr<ContentDecoder> decoder_for(Head const& head) {
  auto const codings = head.members("Content-Encoding");
  auto decoder = ContentDecoder::of(codings.empty() ? "" : lower(codings.back()));
  if (decoder && codings.size() < 2) return decoder;
  throw WireError(WireError::Kind::syntax,
                  "a content coding that was not asked for: " + head.value("Content-Encoding"));
}

}  // namespace

EventStream::EventStream(Url const& url, Request const& request, Deadline const& deadline)
    : exchange_(url, request, deadline), decoder_(decoder_for(exchange_.head())) {}

bool EventStream::read(Deadline const& deadline, Enough const& enough) {
  bool said = false;
  exchange_.read(deadline, [&](Body const&) {
    decode();
    return said = enough(sse());
  });
  return said;
}

SseBlock const* EventStream::await(std::string_view text, Deadline const& deadline) {
  std::size_t looked_at = 0;
  SseBlock const* found = nullptr;
  read(deadline, [&](SseStream const& stream) {
    for (; !found && looked_at < stream.blocks.size(); ++looked_at) {
      auto const& block = stream.blocks[looked_at];
      if (block.is_event() && block.data.find(text) != std::string::npos) found = &block;
    }
    return found != nullptr;
  });
  return found;
}

void EventStream::listen(double seconds) {
  read(Deadline::in(seconds), [](SseStream const&) { return false; });
}

void EventStream::decode() {
  auto const& body = exchange_.body();
  if (taken_ == body.content.size()) return;
  auto const fresh = decoder_->feed(std::string_view(body.content).substr(taken_));
  reader_.feed(fresh, body.pieces.back().at);
  text_ += fresh;
  taken_ = body.content.size();
}

}  // namespace pushlab::conformance
