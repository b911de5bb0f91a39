#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "servers/http/request_reader.hpp"
#include "servers/net/front.hpp"

namespace pushlab::server {

// A client's first request, read without taking it off the socket. What is no handshake, or may not
// be one, is answered here; the library sees only handshakes that are let in, and reads the same
// bytes again. It wants its verdict at once, and some verdicts have to be asked for elsewhere.
class FirstRequest : public std::enable_shared_from_this<FirstRequest> {
 public:
  using Seen = std::function<void(std::variant<Request, RequestReader::Failure>)>;
  using Ended = std::function<void(EndReason)>;

  FirstRequest(Socket socket, RequestLimits limits) : socket_(std::move(socket)), limits_(limits) {}

  // `seen` is called once, or else `ended`; answer() and the deadline call `ended`, too.
  void start(std::uint32_t timeout_s, Seen seen, Ended ended);

  // After `seen`, one of these. The answer takes no longer than the deadline of start().
  Socket take();
  void answer(std::string wire, EndReason reason);

  void cancel();  // no call comes any more

 private:
  void wait();
  void look();
  void wake_at(std::size_t bytes);
  void see(std::variant<Request, RequestReader::Failure> request);
  void end(EndReason reason);

  Socket socket_;
  RequestLimits limits_;
  boost::asio::steady_timer deadline_{socket_.get_executor()};
  std::size_t seen_bytes_ = 0;
  std::string answer_;
  Seen seen_;
  Ended ended_;
};

}  // namespace pushlab::server
