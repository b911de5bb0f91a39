#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance::testing {

struct Asked {
  std::string method;
  std::string target;
  std::string version;
  Fields fields;
  std::string raw;
  std::string value(std::string_view name) const;  // of the first field of this name
  bool has(std::string_view name) const;
};

// The server's end of one connection, for plain blocking code. Once the client is gone or the
// server is being destroyed, sends do nothing and waits return at once: a script needs no checks.
class Peer {
 public:
  explicit Peer(int descriptor) : descriptor_(descriptor) {}
  ~Peer();
  Peer(Peer const&) = delete;
  Peer& operator=(Peer const&) = delete;

  // The next request with its head; empty when the client ended first. A body stays unread.
  std::optional<Asked> read_request();
  // Some bytes as they come; empty at the end or after so many seconds.
  std::string receive(double within_s);
  void send(std::string_view bytes);
  // "HTTP/1.1 200 OK" and the lines given, each without its end.
  void send_head(std::string_view status, std::vector<std::string> const& lines = {});
  // 200 with the fields of a faultless stream, chunked, and `more` lines.
  void begin_stream(std::vector<std::string> const& more = {});
  void send_chunk(std::string_view text);
  void send_last_chunk();
  // Does nothing for so long. False: the client is gone or the server ends, stop here.
  bool wait(double seconds);
  // Until the client is gone or the server ends.
  void hold();
  void end();    // FIN
  void reset();  // RST
  int descriptor() const { return descriptor_; }

 private:
  friend class ScriptedServer;
  void stop();  // from another thread: ends all waits

  int descriptor_;
  std::string read_ahead_;
};

// Accepts on a free loopback port and talks to each connection, on a thread of its own, by `talk`.
// The connection closes when `talk` returns. The destructor ends all talks and joins them.
class ScriptedServer {
 public:
  using Talk = std::function<void(Peer&)>;
  // `later`: it listens, and accepts when begin() is called. Until then there is no thread.
  enum class Begin { now, later };
  explicit ScriptedServer(Talk talk, Begin when = Begin::now);
  ~ScriptedServer();
  ScriptedServer(ScriptedServer const&) = delete;
  ScriptedServer& operator=(ScriptedServer const&) = delete;

  std::string url(std::string_view target = "/stream") const;  // "http://127.0.0.1:P/stream"
  void begin();
  int port() const { return port_; }
  int connections() const { return connections_; }  // accepted so far

 private:
  struct Line;
  void accept_all();

  Talk talk_;
  int listener_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<Line> lines_;
  std::thread acceptor_;
};

// A talk that answers every request on the connection by `answer`, as long as there are requests.
ScriptedServer::Talk each_request(std::function<void(Peer&, Asked const&)> answer);

}  // namespace pushlab::conformance::testing
