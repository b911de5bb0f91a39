#include "servers/server/server.hpp"
#include "servers/sse/sse_session.hpp"

int main(int argc, char** argv) {
  using namespace pushlab::server;
  Strategy strategy{"pushlab-sse", "/events", std::make_unique<SseEncoder>()};
  strategy.make_session = [](ClientContext context) {
    return std::make_unique<SseSession>(std::move(context));
  };
  return run_server(argc, argv, std::move(strategy));
}
