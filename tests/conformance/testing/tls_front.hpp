#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// TLS in front of a scripted server, with a certificate made on the spot. The plain server behind
// it sees the bytes.
class TlsFront {
 public:
  // `alpn`: the protocol it chooses if the client offers it; empty: none.
  TlsFront(ScriptedServer const& behind, std::string alpn);
  ~TlsFront();
  std::string url(std::string_view target = "/stream") const;  // "https://127.0.0.1:P/stream"

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::unique_ptr<ScriptedServer> server_;
};

}  // namespace pushlab::conformance::testing
