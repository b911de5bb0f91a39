#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// The body of an answer as far as it has come, without its transfer coding.
struct Body {
  enum class Framing { none, length, chunked, until_close };
  enum class End {
    open,      // more may come
    complete,  // as long as announced, last chunk seen, or closed where that is the end
    cut,       // the connection ended in order, the body did not
    reset,     // torn down
    broken     // the chunked syntax is lost; nothing behind it was read
  };
  // What one arrival added: [offset, next piece's offset) of the content.
  struct Piece {
    std::size_t offset;
    Instant at;
  };
  struct Chunk {
    std::size_t offset;  // of its content
    std::size_t size;
    std::string line;  // "1a;name=value", without the line end
    Instant at;        // when its line was complete
  };

  Framing framing = Framing::none;
  End end = End::open;
  Instant ended_at;
  std::string content;
  std::vector<Piece> pieces;
  std::vector<Chunk> chunks;             // the last chunk included
  std::string trailers;                  // raw field lines behind the last chunk
  std::size_t wire_size = 0;             // bytes on the connection, framing included
  std::optional<std::size_t> announced;  // Content-Length
  std::vector<Complaint> errors;         // breaches of RFC 9112; offsets from the body's first byte

  // When the byte at this offset of the content came.
  Instant arrival_of(std::size_t offset) const;
};

// How the body of an answer to a request with this method is framed (RFC 9112 6.3).
Body::Framing framing_of(Head const& head, std::string_view method);

// Strict reader of chunked content: bytes in, content and complaints out.
class ChunkedReader {
 public:
  // Takes bytes until the body ends; returns how many it took.
  std::size_t feed(std::string_view bytes, Instant at, Body& body);

 private:
  enum class Step { size_line, data, data_end, trailer };
  bool take_line(std::string_view& bytes, Body& body);
  void begin_chunk(Instant at, Body& body);
  void fail(Body& body, std::string const& what);

  Step step_ = Step::size_line;
  std::string line_;
  std::size_t left_ = 0;
};

// Reads the body behind a head. The head and the connection must outlive it.
class BodyReader {
 public:
  BodyReader(Connection& connection, Head const& head, std::string_view method);

  Body const& body() const { return body_; }
  using Enough = std::function<bool(Body const&)>;
  // Takes what comes until the body ends, the deadline, or `enough` says so, which is asked first
  // and after each arrival. True: not because of the deadline.
  bool read(Deadline const& deadline, Enough const& enough = {});

 private:
  void take(Arrival const& arrival);
  void finish(Arrival const& arrival);

  Connection& connection_;
  Body body_;
  ChunkedReader chunked_;
};

}  // namespace pushlab::conformance
