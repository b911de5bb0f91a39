#include "servers/server/loop.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "servers/net/connection_table.hpp"
#include "servers/server/end_log.hpp"

namespace pushlab::server {

struct Loop::HubDelivery : Delivery {
  Front* front = nullptr;
  void deliver(std::span<Slot const> slots, Batch const& batch) override {
    front->deliver(slots, batch);
  }
};

namespace {

DoorOptions door_options(Strategy const& strategy, ServerOptions const& options) {
  return {strategy.path, options.auth.cookie, options.max_subscriptions,
          options.auth.kind != AuthOptions::Kind::none, strategy.path == "/ws"};
}

TableOptions table_options(ServerOptions const& options) {
  TableOptions table;
  table.request.target_bytes = options.max_target_bytes;
  table.request.head_bytes = options.max_head_bytes;
  table.outbox_bytes = options.outbox_bytes;
  table.overflow = options.overflow;
  table.heartbeat_s = options.heartbeat_s;
  table.on_end = end_log(options);
  return table;
}

}  // namespace

Loop::Loop(Strategy const& strategy, ServerOptions const& options, Broker const& broker,
           LoopShare& share)
    : delivery_(std::make_unique<HubDelivery>()),
      hub_(std::make_unique<Hub>(broker.epoch(), share.hub, *strategy.encoder, *delivery_)),
      authenticator_(make_authenticator(options.auth, io_, share.auth)),
      door_(std::make_unique<Door>(door_options(strategy, options),
                                   CorsPolicy{options.cors_origins}, share.hub.rules,
                                   *authenticator_, counters_)),
      members_(std::make_unique<Members>(*authenticator_, share.per_user, counters_,
                                         [this](Slot slot) { front_->revoke(slot); })) {
  ClientContext context{strategy.name, *hub_,     broker,          counters_,
                        *door_,        *members_, options.retry_ms};
  if (strategy.make_front) {
    front_ = strategy.make_front(io_, context, options, end_log(options));
  } else {
    session_ = strategy.make_session(context);
    auto table = std::make_unique<ConnectionTable>(io_, table_options(options), counters_);
    table->use(*session_);
    front_ = std::move(table);
  }
  delivery_->front = front_.get();
}

Loop::~Loop() = default;

void Loop::publish(EventPtr event) {
  boost::asio::dispatch(io_, [this, event = std::move(event)]() mutable {
    if (hub_->publish(std::move(event))) boost::asio::post(io_, [this] { hub_->run_turn(); });
  });
}

void Loop::start_ticking() {
  ticker_.expires_after(std::chrono::milliseconds{1000 / Front::ticks_per_s});
  ticker_.async_wait([this](boost::system::error_code ec) {
    if (ec) return;
    front_->tick();
    start_ticking();
  });
}

}  // namespace pushlab::server
