// A client of libmosquitto whose server is the test: what it says and hears are bytes.
#pragma once

#include <mosquitto.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "driver/temporary_folder.hpp"
#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

class LibraryClient {
 public:
  LibraryClient() {
    mosquitto_lib_init();
    client_ = mosquitto_new(nullptr, true, this);
    mosquitto_message_callback_set(client_, on_message);
    auto const path = (folder_.path() / "socket").string();
    File const listener = listen_at(path);
    if (mosquitto_connect(client_, path.c_str(), 0, 60) != MOSQ_ERR_SUCCESS) failed("connect");
    server_ = File(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!server_.is_open()) failed("accept");
  }
  LibraryClient(LibraryClient const&) = delete;
  LibraryClient& operator=(LibraryClient const&) = delete;
  ~LibraryClient() {
    mosquitto_destroy(client_);
    mosquitto_lib_cleanup();
  }

  mosquitto* operator*() { return client_; }

  // What it has said since the last call.
  std::string said() {
    std::array<char, 4096> bytes;
    auto const size = ::recv(server_.get(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }

  // Has it read one packet: "topic=payload;" of a PUBLISH. Holds until the next call.
  std::string_view hears(std::string_view packet) {
    heard_.clear();
    auto const sent = ::send(server_.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(packet.size())) failed("send");
    if (mosquitto_loop_read(client_, 1) != MOSQ_ERR_SUCCESS) failed("read");
    return heard_;
  }

 private:
  [[noreturn]] static void failed(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
  }

  static File listen_at(std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    File listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto const* const where = reinterpret_cast<sockaddr const*>(&address);
    if (::bind(listener.get(), where, sizeof address) != 0) failed("bind");
    if (::listen(listener.get(), 1) != 0) failed("listen");
    return listener;
  }

  static void on_message(mosquitto*, void* self, mosquitto_message const* message) {
    auto& heard = static_cast<LibraryClient*>(self)->heard_;
    heard.append(message->topic).append("=");
    heard.append(static_cast<char const*>(message->payload),
                 static_cast<std::size_t>(message->payloadlen));
    heard.append(";");
  }

  driver::TemporaryFolder const folder_;
  mosquitto* client_ = nullptr;
  File server_;
  std::string heard_;
};

}  // namespace pushlab::loadgen
