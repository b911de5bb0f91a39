#include "servers/server/loop.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "servers/net/connection_table.hpp"

namespace pushlab::server {

struct Loop::HubDelivery : Delivery {
  Front* front = nullptr;
  void deliver(std::span<Slot const> slots, Batch const& batch) override {
    front->deliver(slots, batch);
  }
};

Loop::Loop(Strategy const& strategy, ServerOptions const& options, Broker const& broker)
    : delivery_(std::make_unique<HubDelivery>()),
      hub_(std::make_unique<Hub>(broker.epoch(), options.history, *strategy.encoder, *delivery_)) {
  ClientContext context{strategy.name, *hub_, broker, counters_, options.retry_ms};
  if (strategy.make_front) {
    front_ = strategy.make_front(io_, context, options);
  } else {
    session_ = strategy.make_session(context);
    TableOptions table_options;
    table_options.outbox_bytes = options.outbox_bytes;
    table_options.heartbeat_s = options.heartbeat_s;
    table_options.overflow = options.overflow;
    auto table = std::make_unique<ConnectionTable>(io_, table_options, counters_);
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
