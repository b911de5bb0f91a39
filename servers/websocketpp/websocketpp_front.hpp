#pragma once
#include <vector>

#include "servers/clients/client_handler.hpp"
#include "servers/net/conflating_queue.hpp"
#include "servers/net/front.hpp"
#include "servers/net/guests.hpp"
#include "servers/server/options.hpp"
#include "servers/websocketpp/first_request.hpp"
#include "servers/websocketpp/websocketpp_endpoint.hpp"

namespace pushlab::server {

// The clients' side of a loop with websocketpp in the place of our own connections. Sockets come
// from the shared listener, events from the shared hub; only handshake, framing and writing are the
// library's.
class WebsocketppFront : public Front, private PeerEvents {
 public:
  WebsocketppFront(boost::asio::io_context& io, ClientContext context, ServerOptions const& options,
                   OnEnd on_end = nullptr);

  void adopt(Socket socket, QuotaLease share) override;
  void deliver(std::span<Slot const> slots, Batch const& batch) override;
  void tick() override;
  void drain() override;
  void end_all(EndReason reason) override;
  void revoke(Slot slot) override;
  std::size_t open() const override { return peers_.size() - free_.size(); }

 private:
  // Until the stream is open.
  struct Handshake {
    std::shared_ptr<FirstRequest> first;  // until the library has the connection
    std::shared_ptr<Request const> request = nullptr;
    Viewer viewer = {};  // when it was let in
  };
  struct Peer {
    enum class State : std::uint8_t { none, handshake, open, ending };
    State state = State::none;
    std::uint8_t quiet_s = 0;
    bool pong_missing = false;
    EndReason reason = EndReason::client_closed;  // while ending
    std::shared_ptr<Handshake> handshake;         // shared with whoever is asked meanwhile
    std::unique_ptr<ConflatingQueue> conflated;   // what follows when nothing waits any more
  };

  void on_open(PeerKey slot) override;
  void on_input(PeerKey slot) override { peers_[slot].pong_missing = false; }
  void on_end(PeerKey slot, PeerEnd end) override;

  void refuse(Slot slot, RequestReader::Failure const& failure);
  void ask(Slot slot, Request request);
  std::optional<Response> answer(Slot slot, Decision decision);
  void hand_over(Slot slot, Socket socket);
  void ended(Slot slot, EndReason reason);
  void cut(Slot slot, EndReason reason);
  void say_goodbye(Slot slot, EndReason reason, std::uint16_t code);
  void beat(Slot slot);
  void overflow(Slot slot, Batch const& batch);
  void follow_up_conflated(Slot slot);
  WebsocketppEndpoint::Message const& message_of(Bytes const& frames);

  ClientContext context_;
  RequestLimits limits_;
  std::uint64_t outbox_bytes_;
  Overflow overflow_;
  std::uint32_t heartbeat_s_;
  WebsocketppEndpoint endpoint_;
  Guests guests_;
  std::vector<Peer> peers_;  // by slot
  std::vector<Slot> free_;
  Bytes prepared_from_;  // what `prepared_` was made of: a batch comes in several calls
  WebsocketppEndpoint::Message prepared_;
  std::uint32_t ticks_ = 0;
  bool draining_ = false;
};

}  // namespace pushlab::server
