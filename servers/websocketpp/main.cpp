#include "servers/server/server.hpp"
#include "servers/websocket/websocket_encoder.hpp"
#include "servers/websocketpp/websocketpp_front.hpp"

int main(int argc, char** argv) {
  using namespace pushlab::server;
  Strategy strategy{"pushlab-websocketpp", "/ws", std::make_unique<WebSocketEncoder>()};
  strategy.make_front = [](boost::asio::io_context& io, ClientContext context,
                           ServerOptions const& options, OnEnd on_end) {
    return std::make_unique<WebsocketppFront>(io, std::move(context), options, std::move(on_end));
  };
  strategy.max_threads = 1;
  return run_server(argc, argv, std::move(strategy));
}
