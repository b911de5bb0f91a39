#pragma once
#include <memory>
#include <optional>
#include <string>

#include "tests/integration/servers/server_process.hpp"
#include "tests/integration/servers/wire.hpp"

namespace pushlab::test {

enum class Protocol { sse, websocket, long_poll, short_poll };

struct Target {
  std::string program;
  Protocol protocol;

  bool is_stream() const { return protocol == Protocol::sse || protocol == Protocol::websocket; }
  std::string path() const {
    return protocol == Protocol::sse ? "/events" : is_stream() ? "/ws" : "/poll";
  }
};

// What a client is told, in the same words for every protocol.
struct Message {
  std::string event;  // hello, db, reset, conflated; end of the stream
  std::string id;     // the cursor behind it
  std::string data;   // JSON text; of an end: 1001, or "last chunk", or a poll's status
};

// What a client shows beside the names that it wants.
struct Asking {
  std::string fields = {};  // of the request, each with its line end
  std::string query = {};   // further parameters: "&ticket=..."
  std::optional<std::string> cursor = {};
  int receive_buffer = 0;
};

// A client of one push connection. Every wait has a deadline.
class PushClient {
 public:
  virtual ~PushClient() = default;

  // The next message; of a poll also the one that comes after asking again.
  virtual Message next() = 0;

  std::string const& cursor() const { return cursor_; }

  // What the server calls this connection: in the hello, or in the first answer to a poll.
  std::string const& connection() const { return connection_; }

 protected:
  std::string cursor_, connection_;
};

// Connects and is subscribed when the first message, the hello, was read; a poll when this returns.
// Throws when the server refuses.
std::unique_ptr<PushClient> connect(Target const& target, ServerProcess const& server,
                                    std::string const& events, Asking const& asking);
std::unique_ptr<PushClient> connect(Target const& target, ServerProcess const& server,
                                    std::string const& events,
                                    std::optional<std::string> const& cursor = std::nullopt,
                                    int receive_buffer = 0);

// The same first request, and what is answered to it: the head of a stream, or a whole answer.
HttpAnswer knock(Target const& target, ServerProcess const& server, std::string const& events,
                 Asking const& asking = {}, std::string const& method = "GET");

// --- the pieces, for tests of one protocol

struct WebSocketFrame {
  int opcode = 0;
  std::string payload;
};
Wire open_websocket(std::uint16_t port, std::string const& target, int receive_buffer = 0,
                    std::string const& fields = {});
WebSocketFrame read_frame(Wire& wire);
std::string client_frame(int opcode, std::string const& payload);  // masked

std::string read_chunk(Wire& wire);  // empty: the last one

}  // namespace pushlab::test
