#include "driver/ready_probe.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

#include "driver/input_error.hpp"

namespace pushlab::driver {
namespace {

struct Socket {
  Socket() : descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "socket");
  }
  ~Socket() { ::close(descriptor); }
  Socket(Socket const&) = delete;
  Socket& operator=(Socket const&) = delete;
  int descriptor;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr const* as_sockaddr(sockaddr_in const& address) {
  return reinterpret_cast<sockaddr const*>(&address);
}

// The ports from 10000 on that the kernel gives to nobody of its own accord. One of those it does
// give would be taken by any connection that is made before the one who asked listens.
std::pair<int, int> ports_of_services() {
  constexpr int first = 10000;
  int kernels_first = 0;
  int kernels_last = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> kernels_first >> kernels_last;
  if (kernels_first > first + 1000) return {first, kernels_first - 1};
  return {first, 65535};  // it gives nearly all: any may do
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

}  // namespace

int free_port() {
  auto const [first, last] = ports_of_services();
  std::uniform_int_distribution<int> any(first, last);
  std::random_device random;
  for (int tries = 0; tries < 1000; ++tries) {
    Socket socket;
    auto const address = loopback(any(random));
    if (::bind(socket.descriptor, as_sockaddr(address), sizeof address) == 0)
      return ntohs(address.sin_port);
  }
  throw std::system_error(errno, std::generic_category(), "bind to 127.0.0.1");
}

bool accepts_tcp(std::string const& host_port) {
  auto const colon = host_port.rfind(':');
  auto address = loopback(std::atoi(host_port.c_str() + colon + 1));
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, host_port.substr(0, colon).c_str(), &address.sin_addr) != 1)
    throw InputError("the probe " + host_port + " is no numeric host:port: write 127.0.0.1:PORT");
  Socket socket;
  return ::connect(socket.descriptor, as_sockaddr(address), sizeof address) == 0;
}

bool answers_http(std::string const& url) {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 1000L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &discard);
  if (curl_easy_perform(curl.get()) != CURLE_OK) return false;
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300;
}

}  // namespace pushlab::driver
