#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace pushlab::driver {

ScriptedServer::ScriptedServer(std::vector<std::string> answers)
    : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  ::listen(listener_, 16);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  requests();
  ::close(listener_);
}

std::string ScriptedServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/stream";
}

std::vector<std::string> const& ScriptedServer::requests() {
  ::shutdown(listener_, SHUT_RDWR);  // ends a waiting accept()
  if (thread_.joinable()) thread_.join();
  return requests_;
}

void ScriptedServer::serve() {
  for (auto const& answer : answers_) {
    int const client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    std::string request;
    std::array<char, 4096> chunk{};
    while (request.find("\r\n\r\n") == std::string::npos) {
      auto const size = ::recv(client, chunk.data(), chunk.size(), 0);
      if (size <= 0) break;
      request.append(chunk.data(), static_cast<std::size_t>(size));
    }
    requests_.push_back(request);
    static_cast<void>(::send(client, answer.data(), answer.size(), MSG_NOSIGNAL));
    ::close(client);
  }
}

}  // namespace pushlab::driver
