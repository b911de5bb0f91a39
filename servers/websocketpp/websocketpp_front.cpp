#include "servers/websocketpp/websocketpp_front.hpp"

#include "servers/websocket/websocket_encoder.hpp"
#include "servers/websocket/websocket_session.hpp"

namespace pushlab::server {
namespace {

constexpr std::uint32_t request_timeout_s = 10;

EndReason reason_of(PeerEnd end) {
  switch (end) {
    case PeerEnd::misbehaved:
      return EndReason::bad_request;
    case PeerEnd::out_of_time:
      return EndReason::idle;
    case PeerEnd::gone:
      break;
  }
  return EndReason::client_closed;
}

}  // namespace

WebsocketppFront::WebsocketppFront(boost::asio::io_context& io, ClientContext context,
                                   ServerOptions const& options, OnEnd on_end)
    : context_(std::move(context)),
      limits_{options.max_target_bytes, options.max_head_bytes},
      outbox_bytes_(options.outbox_bytes),
      overflow_(options.overflow),
      heartbeat_s_(options.heartbeat_s),
      endpoint_(io, EndpointLimits{}, *this),
      guests_(std::move(on_end)) {}

void WebsocketppFront::adopt(Socket socket, QuotaLease share) {
  context_.counters.accepted.add(1);
  auto slot = static_cast<Slot>(peers_.size());
  if (free_.empty()) {
    peers_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  peers_[slot].state = Peer::State::handshake;
  guests_.enter(slot, socket, std::move(share));
  auto const first = std::make_shared<FirstRequest>(std::move(socket), limits_);
  peers_[slot].handshake = std::make_shared<Handshake>(Handshake{first});
  first->start(
      request_timeout_s,
      [this, slot](std::variant<Request, RequestReader::Failure> seen) {
        if (auto const* failure = std::get_if<RequestReader::Failure>(&seen))
          return refuse(slot, *failure);
        ask(slot, std::get<Request>(std::move(seen)));
      },
      [this, slot](EndReason reason) { ended(slot, reason); });
  if (draining_) cut(slot, EndReason::drained);
}

// Requests.

void WebsocketppFront::refuse(Slot slot, RequestReader::Failure const& failure) {
  Request unread;
  unread.keep_alive = false;
  peers_[slot].handshake->first->answer(to_wire(problem(failure.status, failure.detail), unread),
                                        EndReason::bad_request);
}

void WebsocketppFront::ask(Slot slot, Request request) {
  context_.counters.requests.add(1);
  auto const handshake = peers_[slot].handshake;
  request.keep_alive = false;  // one request a connection: the library ends with its answer, too
  handshake->request = std::make_shared<Request const>(std::move(request));
  context_.door.ask(handshake->request, [this, slot, handshake](Decision decision) {
    if (peers_[slot].handshake != handshake) return;  // it is gone meanwhile
    if (auto const response = answer(slot, std::move(decision)))
      return handshake->first->answer(to_wire(*response, *handshake->request), EndReason::served);
    hand_over(slot, std::exchange(handshake->first, nullptr)->take());
  });
}

std::optional<Response> WebsocketppFront::answer(Slot slot, Decision decision) {
  if (auto* response = std::get_if<Response>(&decision)) return std::move(*response);
  auto& handshake = *peers_[slot].handshake;
  auto const& request = *handshake.request;
  auto& admission = std::get<Admission>(decision);
  if (request.target.path == "/snapshot") {
    context_.hub.run_turn();
    return snapshot_response(context_.hub, request, admission);
  }
  if (auto refusal = handshake_refusal(request))
    return context_.door.dressed(std::move(*refusal), request);
  if (!context_.members.join(slot, admission.identity)) {
    context_.counters.refused.add(429);
    return context_.door.dressed(too_many_connections(), request);
  }
  handshake.viewer = std::move(admission.viewer);
  return std::nullopt;
}

void WebsocketppFront::hand_over(Slot slot, Socket socket) {
  boost::system::error_code gone;
  auto const is_v6 = socket.local_endpoint(gone).address().is_v6();
  endpoint_.adopt(slot, socket.release(), is_v6);
}

// The 101 is written by now. Nothing was delivered here since the cursor was read: the hub's turn
// and this are on one thread.
void WebsocketppFront::on_open(PeerKey slot) {
  if (peers_[slot].state != Peer::State::handshake) return;
  context_.hub.run_turn();
  auto const handshake = std::exchange(peers_[slot].handshake, nullptr);
  auto& viewer = handshake->viewer;
  viewer.connection = new_connection_id();
  auto const resumed = context_.hub.resume(cursor_of(*handshake->request), viewer);
  auto first = websocket_frame(
      Opcode::text, websocket_hello_text(resumed.from, viewer.connection, context_.server_name));
  if (resumed.reset) {
    context_.counters.resets.add(1);
    first += websocket_frame(Opcode::text, websocket_reset_text(resumed.from));
  }
  context_.counters.replayed.add(resumed.missed.size());
  endpoint_.send(slot, endpoint_.prepare(first));
  for (auto const& event : resumed.missed) endpoint_.send(slot, endpoint_.prepare(event->frame));
  context_.hub.add(slot, viewer);
  peers_[slot].state = Peer::State::open;
  peers_[slot].quiet_s = slot & 3;
}

// Events and heartbeats.

WebsocketppEndpoint::Message const& WebsocketppFront::message_of(Bytes const& frames) {
  if (frames.owner != prepared_from_.owner || frames.view.data() != prepared_from_.view.data()) {
    prepared_ = endpoint_.prepare(frames.view);
    prepared_from_ = frames;
  }
  return prepared_;
}

void WebsocketppFront::deliver(std::span<Slot const> slots, Batch const& batch) {
  if (slots.empty()) return;
  auto const& message = message_of(batch.bytes);
  auto const size = batch.bytes.view.size();
  std::uint64_t sent = 0;
  for (auto const slot : slots) {
    auto& peer = peers_[slot];
    if (peer.state != Peer::State::open) continue;
    peer.quiet_s = slot & 3;
    if (peer.conflated && endpoint_.waiting_bytes(slot) == 0) follow_up_conflated(slot);
    auto const waiting = endpoint_.waiting_bytes(slot);
    if (waiting > 0) context_.counters.queued_writes.add(1);
    if (peer.conflated || (waiting > 0 && waiting + size > outbox_bytes_))
      overflow(slot, batch);
    else
      endpoint_.send(slot, message);
    ++sent;
  }
  context_.counters.deliveries.add(sent * batch.events.size());
  context_.counters.delivered_bytes.add(sent * size);
}

void WebsocketppFront::overflow(Slot slot, Batch const& batch) {
  if (overflow_ == Overflow::disconnect) return cut(slot, EndReason::slow_reader);
  auto& queue = peers_[slot].conflated;
  if (!queue) queue = std::make_unique<ConflatingQueue>(outbox_bytes_);
  auto const dropped = queue->dropped();
  for (auto const& event : batch.events)
    if (!queue->push(event)) return cut(slot, EndReason::slow_reader);
  context_.counters.conflated.add(queue->dropped() - dropped);
}

void WebsocketppFront::follow_up_conflated(Slot slot) {
  auto const queue = std::move(peers_[slot].conflated);
  auto const& events = queue->events();
  if (queue->dropped() > 0) {
    EventId const cursor{context_.broker.epoch(), events.front()->seq - 1};
    auto const notice = context_.hub.encoder().conflated(cursor, queue->dropped());
    endpoint_.send(slot, endpoint_.prepare(notice));
  }
  for (auto const& event : events) endpoint_.send(slot, endpoint_.prepare(event->frame));
}

// Each tick looks at its tenth of the slots, so that every slot is looked at once a second.
void WebsocketppFront::tick() {
  ++ticks_;
  if (overflow_ == Overflow::conflate)
    for (Slot slot = 0; slot < peers_.size(); ++slot)
      if (peers_[slot].conflated && endpoint_.waiting_bytes(slot) == 0) follow_up_conflated(slot);
  if (heartbeat_s_ == 0) return;
  for (std::size_t slot = ticks_ % ticks_per_s; slot < peers_.size(); slot += ticks_per_s) {
    auto& peer = peers_[slot];
    if (peer.state == Peer::State::open && ++peer.quiet_s >= heartbeat_s_)
      beat(static_cast<Slot>(slot));
  }
}

void WebsocketppFront::beat(Slot slot) {
  auto& peer = peers_[slot];
  if (peer.pong_missing) return cut(slot, EndReason::idle);
  peer.pong_missing = true;
  peer.quiet_s = slot & 3;
  context_.counters.heartbeats.add(1);
  endpoint_.ping(slot);
}

// Ending.

void WebsocketppFront::cut(Slot slot, EndReason reason) {
  auto& peer = peers_[slot];
  peer.state = Peer::State::ending;
  peer.reason = reason;
  if (peer.handshake && peer.handshake->first) {
    peer.handshake->first->cancel();
    return ended(slot, reason);
  }
  endpoint_.cut(slot, reason == EndReason::slow_reader);
}

void WebsocketppFront::on_end(PeerKey slot, PeerEnd end) {
  auto const& peer = peers_[slot];
  ended(slot, peer.state == Peer::State::ending ? peer.reason : reason_of(end));
}

void WebsocketppFront::ended(Slot slot, EndReason reason) {
  context_.counters.ended[static_cast<std::size_t>(reason)].add(1);
  context_.hub.remove(slot);
  context_.members.leave(slot);
  guests_.leave(slot, reason);
  peers_[slot] = {};
  free_.push_back(slot);
}

void WebsocketppFront::say_goodbye(Slot slot, EndReason reason, std::uint16_t code) {
  auto& peer = peers_[slot];
  if (peer.state == Peer::State::handshake) return cut(slot, reason);
  if (peer.state != Peer::State::open) return;
  if (peer.conflated) follow_up_conflated(slot);
  context_.hub.remove(slot);
  peer.state = Peer::State::ending;
  peer.reason = reason;
  endpoint_.close(slot, code);
}

void WebsocketppFront::revoke(Slot slot) {
  if (slot < peers_.size()) say_goodbye(slot, EndReason::revoked, 1008);
}

void WebsocketppFront::drain() {
  draining_ = true;
  for (Slot slot = 0; slot < peers_.size(); ++slot) say_goodbye(slot, EndReason::drained, 1001);
}

void WebsocketppFront::end_all(EndReason reason) {
  for (Slot slot = 0; slot < peers_.size(); ++slot)
    if (peers_[slot].state != Peer::State::none) cut(slot, reason);
}

}  // namespace pushlab::server
