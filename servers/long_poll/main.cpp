#include "servers/long_poll/long_poll_session.hpp"
#include "servers/server/server.hpp"

int main(int argc, char** argv) {
  using namespace pushlab::server;
  Strategy strategy{"pushlab-long-poll", "/poll", std::make_unique<LongPollEncoder>()};
  strategy.make_session = [](ClientContext context) {
    return std::make_unique<LongPollSession>(std::move(context));
  };
  return run_server(argc, argv, std::move(strategy));
}
