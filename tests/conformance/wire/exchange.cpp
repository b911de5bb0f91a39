#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::conformance {

Exchange::Exchange(Url const& url, Request const& request, Deadline const& deadline)
    : connection_(std::make_unique<Connection>(url, deadline)) {
  try {
    connection_->send(request.bytes(url), deadline);
  } catch (WireError const& error) {
    // Who refuses a request may answer before it has read all of it.
    if (error.kind != WireError::Kind::reset) throw;
  }
  sent_at_ = Clock::now();
  head_ = read_head(*connection_, deadline);
  reader_ = std::make_unique<BodyReader>(*connection_, head_, request.method);
}

}  // namespace pushlab::conformance
