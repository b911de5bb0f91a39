#pragma once
#include <functional>
#include <memory>
#include <string>

#include "servers/clients/client_handler.hpp"
#include "servers/net/front.hpp"
#include "servers/net/guests.hpp"
#include "servers/server/options.hpp"

namespace pushlab::server {

// What makes one server of ours different from the others.
struct Strategy {
  std::string name;  // of the program: pushlab-sse
  std::string path;  // where its clients connect: /events
  std::unique_ptr<Encoder> encoder;

  // The clients' side of one loop on our own connections ...
  std::function<std::unique_ptr<Handler>(ClientContext)> make_session = nullptr;

  // ... or, for a library that brings its own, the whole of it.
  std::function<std::unique_ptr<Front>(boost::asio::io_context&, ClientContext,
                                       ServerOptions const&, OnEnd)>
      make_front = nullptr;
  std::uint32_t max_threads = 256;
};

// The program: reads the flags, listens, prints the ready line, runs until SIGINT or SIGTERM,
// drains. Returns the exit status.
int run_server(int argc, char const* const* argv, Strategy strategy);

}  // namespace pushlab::server
