// Which programs the parametrised tests are about. A part of each program of tests that has some.
#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {

INSTANTIATE_TEST_SUITE_P(Servers, EveryServer,
                         testing::Values(sse, websocket, websocketpp, long_poll, short_poll),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Servers, EveryWebSocket, testing::Values(websocket, websocketpp), name_of);
INSTANTIATE_TEST_SUITE_P(Servers, EveryStream, testing::Values(sse, websocket, websocketpp),
                         name_of);

}  // namespace pushlab::test
