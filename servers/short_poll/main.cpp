#include "servers/server/server.hpp"
#include "servers/short_poll/short_poll_session.hpp"

int main(int argc, char** argv) {
  using namespace pushlab::server;
  Strategy strategy{"pushlab-short-poll", "/poll", std::make_unique<ShortPollEncoder>()};
  strategy.make_session = [](ClientContext context) {
    return std::make_unique<ShortPollSession>(std::move(context));
  };
  return run_server(argc, argv, std::move(strategy));
}
