#include "tests/conformance/sse_framing/load_capture.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <numeric>
#include <thread>

#include "tests/conformance/engine/live_channel.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t publishers = 4;
constexpr std::size_t filler = 120;

std::uint32_t checksum(std::string_view text) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<Bytef const*>(text.data()), static_cast<uInt>(text.size())));
}

// <tag>.<publisher>.<number>.<filler>.<checksum of all before>.
std::string load_text(std::string const& tag, std::size_t publisher, std::size_t number) {
  auto const text = fmt::format("{}.{}.{}.{}.", tag, publisher, number,
                                std::string(filler, static_cast<char>('a' + number % 26)));
  return fmt::format("{}{:08x}.", text, checksum(text));
}

LoadCapture::Event read_event(std::string const& tag, std::string const& text) {
  LoadCapture::Event event;
  auto const parts = split_list(text.substr(tag.size()), '.');
  if (parts.size() < 4) return event;
  try {
    event.publisher = std::stoul(parts[0]);
    event.number = std::stoul(parts[1]);
  } catch (std::exception const&) {
    return event;
  }
  event.whole = text.starts_with(load_text(tag, event.publisher, event.number));
  return event;
}

// Posts at an even pace until the time is over; returns how many were accepted.
std::size_t publish_for(Endpoint& endpoint, Endpoint::Channel const& channel,
                        std::string const& tag, std::size_t publisher, double seconds) {
  auto const pause = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(publishers / endpoint.settings().framing.load_events_per_s));
  auto const begin = Clock::now();
  std::size_t number = 0;
  while (seconds_between(begin, Clock::now()) < seconds) {
    auto const text = load_text(tag, publisher, number + 1);
    try {
      if (!endpoint.post(channel, notification(channel.name, "1", text)).accepted()) break;
    } catch (WireError const&) {
      break;
    } catch (Overdue const&) {  // the run was broken off: on this thread nobody else catches it
      break;
    }
    ++number;
    std::this_thread::sleep_until(begin + pause * number);
  }
  return number;
}

void find_events(std::string const& tag, SseStream const& sse, LoadCapture& load) {
  std::size_t first = sse.blocks.size(), last = 0;
  for (std::size_t i = 0; i < sse.blocks.size(); ++i) {
    auto const at = sse.blocks[i].data.find(tag + ".");
    if (at == std::string::npos) continue;
    first = std::min(first, i);
    last = i;
    load.events.push_back(read_event(tag, sse.blocks[i].data.substr(at)));
  }
  if (load.events.empty()) return;
  auto const blocks = sse.blocks.begin();
  load.blocks.assign(blocks + static_cast<std::ptrdiff_t>(first),
                     blocks + static_cast<std::ptrdiff_t>(last + 1));
  for (auto i = load.blocks.front().first_line; i < load.blocks.back().last_line; ++i)
    load.comments += sse.lines[i].kind == SseLine::Kind::comment ? 1 : 0;
}

LoadCapture capture_load(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const tag = endpoint.marker();
  auto const& settings = endpoint.settings();
  auto const seconds = settings.framing.load_s * (settings.slow ? 6 : 1);
  LoadCapture load;
  load.accepted.resize(publishers);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < publishers; ++i)
      threads.emplace_back(
          [&, i] { load.accepted[i] = publish_for(endpoint, live.channel, tag, i, seconds); });
    live.stream.listen(seconds);
  }
  auto const last = endpoint.marker();
  endpoint.publish(live.channel, last);
  live.stream.await(last, Deadline::in(settings.delivery_s));
  load.end = live.stream.body().end;
  find_events(tag, live.stream.sse(), load);
  return load;
}

}  // namespace

std::size_t LoadCapture::all_accepted() const {
  return std::accumulate(accepted.begin(), accepted.end(), std::size_t{0});
}

std::shared_ptr<LoadCapture const> load_capture(Endpoint& endpoint) {
  return endpoint.once<LoadCapture>("SSE load", [&endpoint] { return capture_load(endpoint); });
}

}  // namespace pushlab::conformance
