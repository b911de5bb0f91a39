#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// One HTTP/2 stream as the server answered it. Fields are as they came, forbidden ones, too.
struct H2Stream {
  enum class End { open, complete, reset };
  struct Frame {         // one DATA frame
    std::size_t offset;  // of its content
    std::size_t size;
    Instant at;
  };
  int status = 0;  // of the final head; 0: none yet
  Fields fields;
  Fields trailers;
  Instant head_at;
  std::string content;
  std::vector<Frame> frames;
  End end = End::open;
  std::uint32_t error_code = 0;  // of RST_STREAM
  Instant ended_at;
};

// An HTTP/2 connection as a client: by ALPN over TLS, by prior knowledge in the clear. Frames are
// checked by nghttp2, messages are not, so that malformed ones can be judged. One thread at a time.
class H2Connection {
 public:
  struct Options {
    std::uint32_t window = 65535;  // SETTINGS_INITIAL_WINDOW_SIZE
    bool give_credit = true;       // false: streams run dry unless credit() names them
  };

  // Returns when the server's SETTINGS are there. Throws WireError: of kind tls or syntax when the
  // server does not speak HTTP/2.
  H2Connection(Url const& url, Deadline const& deadline) : H2Connection(url, deadline, Options{}) {}
  H2Connection(Url const& url, Deadline const& deadline, Options const& options);
  ~H2Connection();

  // Sends the head (Host becomes :authority, names become lower case) and returns the stream's id.
  // `protocol` makes it an extended CONNECT (RFC 8441).
  std::int32_t request(Url const& url, Request const& request, Deadline const& deadline,
                       std::string const& protocol = {});
  H2Stream const& stream(std::int32_t id) const { return streams_.at(id); }
  // From now on what arrives on this stream is acknowledged, and what arrives on the connection.
  void credit(std::int32_t id);
  void cancel(std::int32_t id, Deadline const& deadline);  // RST_STREAM with CANCEL
  // Reads until `enough` says so, asked first and after each arrival. False: the deadline, or the
  // connection ended.
  bool read(Deadline const& deadline, std::function<bool()> const& enough);
  // Until the head of the stream is there; throws WireError when it does not come.
  H2Stream const& await_head(std::int32_t id, Deadline const& deadline);

  // What the server's SETTINGS said.
  std::optional<std::uint32_t> max_streams() const;
  bool extended_connect() const;
  bool going_away() const;  // GOAWAY came
  bool over() const;        // the connection ended

 private:
  struct Session;  // nghttp2's session and its callbacks
  void flush(Deadline const& deadline);

  Connection connection_;
  std::map<std::int32_t, H2Stream> streams_;
  std::unique_ptr<Session> session_;
};

}  // namespace pushlab::conformance
