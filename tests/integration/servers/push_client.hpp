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
};

// What a client is told, in the same words for every protocol.
struct Message {
  std::string event;  // hello, db, reset; end of the stream
  std::string id;     // the cursor behind it
  std::string data;   // JSON text; of an end: 1001, or "last chunk"
};

// A client of one push connection. Every wait has a deadline.
class PushClient {
 public:
  virtual ~PushClient() = default;

  // The next message; of a poll also the one that comes after asking again.
  virtual Message next() = 0;

  std::string const& cursor() const { return cursor_; }

 protected:
  std::string cursor_;
};

// Connects and is subscribed when it returns: the hello was read, or the first poll answered.
std::unique_ptr<PushClient> connect(Target const& target, ServerProcess const& server,
                                    std::string const& events,
                                    std::optional<std::string> const& cursor = std::nullopt,
                                    int receive_buffer = 0);

// --- the pieces, for tests of one protocol

struct WebSocketFrame {
  int opcode = 0;
  std::string payload;
};
Wire open_websocket(std::uint16_t port, std::string const& target, int receive_buffer = 0);
WebSocketFrame read_frame(Wire& wire);
std::string client_frame(int opcode, std::string const& payload);  // masked

std::string read_chunk(Wire& wire);  // empty: the last one

}  // namespace pushlab::test
