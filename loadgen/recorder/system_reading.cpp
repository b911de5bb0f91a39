#include "loadgen/recorder/system_reading.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

namespace {

using Number = std::optional<std::uint64_t>;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    auto const begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    auto const end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// The first line that starts with `mark`, without its end; "" when there is none.
std::string_view line_of(std::string_view text, std::string_view mark) {
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    if (text.starts_with(mark)) return text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

Number number(std::string_view word, int base = 10) {
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::string text_of(char const* path) {
  File const file(::open(path, O_RDONLY | O_CLOEXEC));
  std::string text(16384, '\0');
  auto const size = file.is_open() ? ::read(file.get(), text.data(), text.size()) : 0;
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

Number minus(Number end, Number begin) {
  if (!end || !begin) return std::nullopt;
  return *end > *begin ? *end - *begin : 0;
}

}  // namespace

void parse_schedstat(std::string_view text, SystemReading& out) {
  auto const words = words_of(text.substr(0, text.find('\n')));
  if (words.size() >= 2) out.wait_ns = number(words[1]);
}

// cpu user nice system idle iowait irq softirq steal guest ...; the guests' time is in user
// already.
void parse_stat(std::string_view text, SystemReading& out) {
  auto const words = words_of(line_of(text, "cpu "));
  if (words.size() < 9) return;
  std::uint64_t all = 0;
  for (std::size_t i = 1; i <= 8; ++i) all += number(words[i]).value_or(0);
  out.all_ticks = all;
  out.steal_ticks = number(words[8]);
}

void parse_pressure(std::string_view text, SystemReading& out) {
  constexpr std::string_view total = "total=";
  for (auto const word : words_of(line_of(text, "some "))) {
    if (word.starts_with(total)) out.pressure_us = number(word.substr(total.size()));
  }
}

// Two lines a group: the names, then the values.
void parse_netstat(std::string_view text, SystemReading& out) {
  auto const head = line_of(text, "TcpExt:");
  if (head.empty()) return;
  text.remove_prefix(static_cast<std::size_t>(head.data() + head.size() - text.data()));
  auto const names = words_of(head);
  auto const values =
      words_of(line_of(text.substr(std::min<std::size_t>(1, text.size())), "TcpExt:"));
  // ListenDrops holds the overflows, too: a connect that was turned away for any reason.
  for (std::size_t i = 1; i < std::min(names.size(), values.size()); ++i) {
    if (names[i] == "ListenDrops") out.listen_overflows = number(values[i]);
    if (names[i] == "TCPRcvQDrop") out.receive_drops = number(values[i]);
  }
}

// A line of hexadecimal words for each core; the second counts what its queue had no room for.
void parse_softnet(std::string_view text, SystemReading& out) {
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    auto const words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.size() < 2) continue;
    if (auto const dropped = number(words[1], 16))
      out.backlog_drops = out.backlog_drops.value_or(0) + *dropped;
  }
}

SystemReading read_thread() {
  SystemReading out;
  parse_schedstat(text_of("/proc/thread-self/schedstat"), out);
  return out;
}

SystemReading read_machine() {
  auto out = read_thread();
  parse_stat(text_of("/proc/stat"), out);
  parse_pressure(text_of("/proc/pressure/cpu"), out);
  parse_netstat(text_of("/proc/net/netstat"), out);
  parse_softnet(text_of("/proc/net/softnet_stat"), out);
  return out;
}

SystemReading difference(SystemReading const& end, SystemReading const& begin) {
  return {minus(end.wait_ns, begin.wait_ns),
          minus(end.steal_ticks, begin.steal_ticks),
          minus(end.all_ticks, begin.all_ticks),
          minus(end.pressure_us, begin.pressure_us),
          minus(end.listen_overflows, begin.listen_overflows),
          minus(end.receive_drops, begin.receive_drops),
          minus(end.backlog_drops, begin.backlog_drops)};
}

}  // namespace pushlab::loadgen
