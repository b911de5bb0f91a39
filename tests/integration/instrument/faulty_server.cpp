// An SSE server that is wrong on purpose, to prove that the instrument sees it. PUSHLAB_FAULTS says
// how.
#include "servers/server/server.hpp"
#include "servers/sse/sse_session.hpp"
#include "tests/integration/instrument/faulty_front.hpp"

namespace {

using namespace pushlab::server;

struct OwningFront : FaultyFront {
  OwningFront(boost::asio::io_context& io, ClientContext const& context,
              std::unique_ptr<SseSession> session)
      : FaultyFront(io, Faults::from_environment(), {}, context.counters, *session),
        session_(std::move(session)) {}

 private:
  std::unique_ptr<SseSession> session_;
};

}  // namespace

int main(int argc, char** argv) {
  Strategy strategy{"pushlab-faulty", "/events", std::make_unique<SseEncoder>()};
  strategy.max_threads = 1;
  strategy.make_front = [](boost::asio::io_context& io, ClientContext context, ServerOptions const&,
                           OnEnd const&) {
    return std::make_unique<OwningFront>(io, context, std::make_unique<SseSession>(context));
  };
  return run_server(argc, argv, std::move(strategy));
}
