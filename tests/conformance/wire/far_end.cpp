#include "tests/conformance/wire/far_end.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>

#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance {
namespace {

// "0100007F:1F90": words of the address as the machine has them, the port as people write it.
std::string in_table(sockaddr_storage const& address) {
  std::array<std::uint32_t, 4> words{};
  std::size_t count = 1;
  in_port_t port = 0;
  if (address.ss_family == AF_INET6) {
    auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(address);
    std::memcpy(words.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    count = words.size();
    port = v6.sin6_port;
  } else {
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(address);
    words[0] = v4.sin_addr.s_addr;
    port = v4.sin_port;
  }
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{:08X}", words[i]);
  return text + fmt::format(":{:04X}", ntohs(port));
}

}  // namespace

FarEnd::FarEnd(int descriptor) {
  sockaddr_storage near{}, far{};
  socklen_t size = sizeof near;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&near), &size);
  size = sizeof far;
  ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&far), &size);
  addresses_ = in_table(far) + " " + in_table(near) + " ";
}

std::optional<int> FarEnd::state() const {
  for (auto const* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream table(file);
    for (std::string line; std::getline(table, line);) {
      auto const at = line.find(addresses_);
      if (at != std::string::npos)
        return std::stoi(line.substr(at + addresses_.size(), 2), nullptr, 16);
    }
  }
  return {};
}

bool FarEnd::released(Deadline const& deadline) const {
  while (true) {
    auto const now = state();
    if (now != TCP_ESTABLISHED && now != TCP_CLOSE_WAIT) return true;
    if (deadline.over()) return false;
    wait_ready(-1, 0, Deadline::in(0.01));
  }
}

}  // namespace pushlab::conformance
