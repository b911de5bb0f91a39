#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include "servers/hub/hub.hpp"
#include "servers/sse/sse_encoder.hpp"
#include "tests/bench/servers/orders.hpp"

namespace pushlab::server {
namespace {

constexpr std::size_t subscribers = 1000, events = 64;

// What a socket costs on top of what is compared here is the same for all three: a datagram pair
// whose other end is full of nothing, because it is read at once.
class Sink {
 public:
  Sink() {
    if (::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_.data()) != 0) throw std::bad_alloc{};
    int const size = 1 << 20;
    ::setsockopt(ends_[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  }
  ~Sink() {
    for (auto const end : ends_) ::close(end);
  }
  Sink(Sink const&) = delete;
  void send(std::string_view bytes) {
    if (::send(ends_[0], bytes.data(), bytes.size(), MSG_DONTWAIT) < 0)
      throw std::runtime_error("the sink is full");
    char nothing;
    ::recv(ends_[1], &nothing, 1, MSG_TRUNC);
  }

 private:
  std::array<int, 2> ends_{};
};

// What servers do that compress for each connection: one stream each, flushed behind each event.
class Deflate {
 public:
  Deflate() { deflateInit2(&stream_, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY); }
  ~Deflate() { deflateEnd(&stream_); }
  Deflate(Deflate const&) = delete;
  std::string_view coded(std::string_view text, std::string& into) {
    into.resize(text.size() + 100);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    deflate(&stream_, Z_SYNC_FLUSH);
    return {into.data(), into.size() - stream_.avail_out};
  }

 private:
  z_stream stream_{};
};

enum class Way { plain, shared_gzip, shared_zstd, gzip_per_connection };

struct WayDelivery : Delivery {
  explicit WayDelivery(Way way)
      : streams(way == Way::gzip_per_connection ? subscribers : 0), way_(way) {}

  void deliver(std::span<Slot const> slots, Batch const& batch) override {
    for (auto const slot : slots) {
      auto wire = batch.bytes.view;
      if (way_ == Way::gzip_per_connection)
        wire = streams[slot].coded(SseEncoder{}.unchunked(wire), scratch_);
      sink_.send(wire);
      bytes += wire.size();
      ++deliveries;
    }
  }
  std::vector<Deflate> streams;
  std::size_t bytes = 0, deliveries = 0;

 private:
  Way way_;
  std::string scratch_;
  Sink sink_;
};

WireForm form_of(Way way) {
  return way == Way::shared_gzip   ? WireForm::gzip
         : way == Way::shared_zstd ? WireForm::zstd
                                   : WireForm::plain;
}

// One event at a time to 1000 subscribers, made from its notification on; items are deliveries.
template <Way way>
void compression(benchmark::State& state) {
  HubOptions const options{.history = {.events = 100}};
  SseEncoder const encoder;
  auto const before = ::mallinfo2();
  WayDelivery delivery{way};
  auto const after = ::mallinfo2();
  Hub hub{1, options, encoder, delivery};
  for (Slot slot = 0; slot < subscribers; ++slot)
    hub.add(slot, {{{"orders"}, false}}, form_of(way));
  std::mt19937 random{1};
  std::vector<Notification> orders;
  for (std::size_t i = 0; i < events; ++i)
    orders.push_back(order(static_cast<std::size_t>(state.range(0)), random));
  std::uint64_t seq = 0;
  std::size_t plain_bytes = 0;
  for (auto _ : state) {
    auto event = std::make_shared<Event>();
    event->seq = ++seq;
    event->notification = orders[seq % events];
    event->frame = encoder.frame({1, seq}, event->notification);
    event->encoder = &encoder;
    plain_bytes += event->frame.size() * subscribers;
    hub.publish(std::move(event));
    hub.run_turn();
  }
  auto const n = static_cast<double>(delivery.deliveries);
  state.SetItemsProcessed(static_cast<std::int64_t>(delivery.deliveries));
  state.counters["bytes"] = static_cast<double>(delivery.bytes) / n;
  state.counters["percent"] =
      100.0 * static_cast<double>(delivery.bytes) / static_cast<double>(plain_bytes);
  auto const used = [](auto const& info) { return info.uordblks + info.hblkhd; };
  state.counters["memory"] =
      static_cast<double>(used(after) - used(before)) / static_cast<double>(subscribers);
  state.counters["ns"] =
      benchmark::Counter(n / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(compression<Way::plain>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000);
BENCHMARK(compression<Way::shared_gzip>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000);
BENCHMARK(compression<Way::shared_zstd>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000);
BENCHMARK(compression<Way::gzip_per_connection>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000);

}  // namespace
}  // namespace pushlab::server
