// Clients that do nothing but read: sockets, epoll and recv(), counting bytes. No parser, no clock
// per event, no ledger. What they cost per delivery is what the kernel costs, and how much of it
// they get from the null server is the most that this machine carries one send() at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

struct NullReading {
  std::uint64_t events = 0;  // published
  std::uint64_t bytes = 0;   // received, all clients together
  double seconds = 0;
  std::int64_t cpu_ns = 0;  // of the calling thread, publishing included
};

// Publishes by itself, in a closed loop. One thread; every wait ends after 5 s with a
// std::runtime_error, and so does a connection that the server closes.
class NullClient {
 public:
  // Connects and lets a first event go round. The bases are those of a ready line
  // ("http://127.0.0.1:8080"), of a server that greets every stream as our SSE servers do.
  NullClient(std::string const& client_base, std::string const& ingest_base, unsigned clients,
             unsigned payload_bytes);

  // Up to `window` events are on their way at a time; ends when all that were sent have come.
  NullReading read_for(double seconds, unsigned window);

  std::uint64_t bytes_of_event() const { return bytes_of_event_; }  // at one client

 private:
  void watch(int fd);
  void publish();
  void take_what_came();

  File epoll_;
  File ingest_;
  std::vector<File> clients_;
  std::string post_;
  std::uint64_t bytes_of_event_ = 0;
  std::uint64_t received_ = 0;
  std::vector<char> scratch_;
};

}  // namespace pushlab::loadgen
