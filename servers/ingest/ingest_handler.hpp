#pragma once
#include <functional>
#include <string>

#include "servers/hub/broker.hpp"
#include "servers/net/connection.hpp"
#include "servers/net/handler.hpp"

namespace pushlab::server {

struct IngestContext {
  Broker& broker;
  std::function<std::string()> metrics;  // Prometheus text
  std::function<bool()> is_draining;
  std::string token;  // demanded as `Authorization: Bearer`; empty: none
};

// The backend's listener: POST /notify, GET /healthz, GET /metrics.
class IngestHandler : public Handler {
 public:
  explicit IngestHandler(IngestContext context) : context_(std::move(context)) {}

  void on_request(Connection& connection, Request const& request) override;
  void on_drain(Connection& connection) override {
    connection.end_after_writing(EndReason::drained);
  }

 private:
  Response answer(Request const& request);
  Response notify(Request const& request);

  IngestContext context_;
};

}  // namespace pushlab::server
