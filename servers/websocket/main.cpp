#include "servers/server/server.hpp"
#include "servers/websocket/websocket_session.hpp"

int main(int argc, char** argv) {
  using namespace pushlab::server;
  Strategy strategy{"pushlab-websocket", "/ws", std::make_unique<WebSocketEncoder>()};
  strategy.make_session = [](ClientContext context) {
    return std::make_unique<WebSocketSession>(std::move(context));
  };
  return run_server(argc, argv, std::move(strategy));
}
