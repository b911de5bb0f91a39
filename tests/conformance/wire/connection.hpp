#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/wire/deadline.hpp"
#include "tests/conformance/wire/url.hpp"
#include "tests/conformance/wire/wire_error.hpp"

namespace pushlab::conformance {

// One step of receiving: bytes with the instant they came at, or why none will or did come.
struct Arrival {
  enum class Kind { bytes, end, reset, nothing };  // nothing: the deadline was reached
  Kind kind = Kind::nothing;
  std::string bytes;
  Instant at;
};

// What a later connection may resume TLS with.
using TlsTicket = std::shared_ptr<void>;

// A TCP or TLS connection that a case controls byte by byte. Certificates are not verified: what is
// tested is how the endpoint pushes, not who it is. One thread at a time.
class Connection {
 public:
  struct Options {
    std::vector<std::string> alpn;  // TLS: protocols to offer, {"h2"}
    int receive_buffer = 0;         // SO_RCVBUF, for a reader that stalls; 0: the kernel's choice
    TlsTicket resume = {};          // of one to the same host that still stands; null: none
  };

  // Throws WireError.
  Connection(Url const& url, Deadline const& deadline) : Connection(url, deadline, Options{}) {}
  Connection(Url const& url, Deadline const& deadline, Options const& options);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  // All of it, or a WireError.
  void send(std::string_view bytes, Deadline const& deadline);
  // What comes next, at once when something is there. After end or reset it says so again.
  Arrival receive(Deadline const& deadline);
  // Gives back bytes that belong to the next reader; they keep their time.
  void put_back(std::string bytes, Instant at);

  void end_sending();  // FIN (TLS: close_notify first); receiving goes on
  void reset();        // RST, now
  std::string alpn() const;
  TlsTicket ticket() const;  // null until the server sent one: read something first
  bool resumed() const;      // the server took the ticket
  int descriptor() const;

 private:
  struct Tls;
  void handshake(std::string const& host, Deadline const& deadline, Options const& options);
  Arrival receive_tls(Deadline const& deadline);
  bool wait(short events, Deadline const& deadline) const;
  void close();

  int descriptor_ = -1;
  std::unique_ptr<Tls> tls_;
  std::deque<Arrival> given_back_;
  Arrival::Kind over_ = Arrival::Kind::nothing;  // end or reset once it was seen
};

}  // namespace pushlab::conformance
