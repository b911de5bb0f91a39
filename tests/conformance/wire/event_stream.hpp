#pragma once

#include <functional>
#include <memory>

#include "tests/conformance/wire/content_decoder.hpp"
#include "tests/conformance/wire/exchange.hpp"
#include "tests/conformance/wire/sse_reader.hpp"

namespace pushlab::conformance {

// An SSE response that is read as it comes: transfer coding, content coding and lines undone. The
// constructor is the one of Exchange; whatever the answer is, it is read as an event stream.
class EventStream {
 public:
  EventStream(Url const& url, Request const& request, Deadline const& deadline);

  Head const& head() const { return exchange_.head(); }
  Body const& body() const { return exchange_.body(); }
  SseStream const& sse() const { return reader_.stream(); }
  std::string const& text() const { return text_; }  // the content, decoded
  ContentDecoder const& decoder() const { return *decoder_; }
  Exchange& exchange() { return exchange_; }

  using Enough = std::function<bool(SseStream const&)>;
  // Reads until `enough` says so, the stream ends or the deadline. True: `enough` said so.
  bool read(Deadline const& deadline, Enough const& enough);
  // Reads until an event holds the text; null when the stream ended or time was up before. Good
  // until the next read.
  SseBlock const* await(std::string_view text, Deadline const& deadline);
  // Listens for so many seconds, or until the stream ends.
  void listen(double seconds);

 private:
  void decode();

  Exchange exchange_;
  std::unique_ptr<ContentDecoder> decoder_;
  SseReader reader_;
  std::string text_;
  std::size_t taken_ = 0;  // bytes of the body that went into the decoder
};

}  // namespace pushlab::conformance
