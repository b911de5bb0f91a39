#include "driver/paired_probe.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>

#include "driver/interrupt.hpp"
#include "driver/load_flags.hpp"
#include "loadgen/client/websocket_handshake.hpp"
#include "loadgen/loop/endpoint.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::driver {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int patience_ms = 2000;

double us_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

void await(int fd, short what, std::string const& url) {
  pollfd one{fd, what, 0};
  int ready = 0;
  do {
    ready = ::poll(&one, 1, patience_ms);
  } while (ready < 0 && errno == EINTR && !interrupted());
  if (ready <= 0)
    throw std::runtime_error(fmt::format("{}: no answer within {} ms", url, patience_ms));
}

std::string opening(Target const& target, loadgen::Url const& url) {
  auto request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n", url.target, url.authority);
  for (auto const& [name, value] : target.client.headers)
    request += fmt::format("{}: {}\r\n", name, value);
  if (target.strategy == "sse") return request + "Accept: text/event-stream\r\n\r\n";
  request += fmt::format(
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
      "13\r\nSec-WebSocket-Key: {}\r\n",
      loadgen::websocket_key(1, 2));
  if (!target.client.subprotocol.empty())
    request += fmt::format("Sec-WebSocket-Protocol: {}\r\n", target.client.subprotocol);
  return request + "\r\n";
}

// Reads until the header has ended and checks the status.
void read_header(int fd, std::string const& url) {
  std::string answer;
  std::array<char, 4096> buffer;
  while (answer.find("\r\n\r\n") == std::string::npos) {
    await(fd, POLLIN, url);
    auto const got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0 || answer.size() > 65536)
      throw std::runtime_error(url + ": the connection ended without an answer");
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  if (!answer.starts_with("HTTP/1.1 200") && !answer.starts_with("HTTP/1.1 101"))
    throw std::runtime_error(
        fmt::format("{}: answered {}", url, answer.substr(0, answer.find('\r'))));
}

class Getter {
 public:
  explicit Getter(std::string url, Target const& target) : url_(std::move(url)) {
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, long{patience_ms});
    curl_easy_setopt(easy_.get(), CURLOPT_FAILONERROR, 1L);
    curl_write_callback const discard = [](char*, std::size_t size, std::size_t count, void*) {
      return size * count;
    };
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, discard);
    for (auto const& [name, value] : target.client.headers)
      headers_.reset(
          curl_slist_append(headers_.release(), fmt::format("{}: {}", name, value).c_str()));
    if (headers_) curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
  }

  double get() {
    auto const begin = Clock::now();
    auto const code = curl_easy_perform(easy_.get());
    auto const took = us_since(begin);
    if (code != CURLE_OK)
      throw std::runtime_error(fmt::format("{}: {}", url_, curl_easy_strerror(code)));
    return took;
  }

 private:
  std::string url_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{curl_easy_init(), &curl_easy_cleanup};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr,
                                                                       &curl_slist_free_all};
};

}  // namespace

std::string probe_url(Target const& target, std::string const& client_base) {
  auto const events = expand(target.client.event, {{"name", "t0"}});
  return expand(fill_url(client_base, target.client.url, "client"),
                {{"events", events}, {"client", "0"}});
}

Probe setup_probe(Target const& target, std::string const& client_base) {
  auto const text = probe_url(target, client_base);
  auto const url = loadgen::parse_url(text);
  return [text, endpoint = loadgen::resolve(url), request = opening(target, url)] {
    auto const begin = Clock::now();
    auto const socket = loadgen::start_connect(endpoint);
    if (!socket.is_open()) throw std::runtime_error(text + ": no connection");
    await(socket.get(), POLLOUT, text);
    if (loadgen::connect_error(socket.get()) != 0)
      throw std::runtime_error(text + ": the connection was refused");
    if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
      throw std::runtime_error(text + ": the connection was cut");
    read_header(socket.get(), text);
    return us_since(begin);
  };
}

Probe get_probe(Target const& target, std::string const& client_base) {
  return [getter = std::make_shared<Getter>(probe_url(target, client_base), target)] {
    return getter->get();
  };
}

std::vector<std::pair<double, double>> probe_pairs(Probe const& base, Probe const& head,
                                                   unsigned pairs, std::uint64_t seed,
                                                   std::chrono::seconds most) {
  std::vector<std::pair<double, double>> times;
  base();  // the first one resolves, connects and warms up
  head();
  auto const end = Clock::now() + most;
  for (unsigned i = 0; i < pairs && !interrupted(); ++i) {
    if (i >= least_pairs && Clock::now() >= end) break;
    bool const head_first = loadgen::random_bits(seed, loadgen::Stream::pair_order, i) & 1;
    auto& [of_base, of_head] = times.emplace_back();
    if (head_first) of_head = head();
    of_base = base();
    if (!head_first) of_head = head();
  }
  return times;
}

}  // namespace pushlab::driver
