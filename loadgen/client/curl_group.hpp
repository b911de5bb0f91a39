// A libcurl multi handle driven by the event loop, shared by a few dozen polling clients.
//
// Not by all of them: libcurl looks for a free connection by walking those it has open to the host,
// so one handle for thousands of clients pays for thousands of connections at every request. And
// not one each: a multi handle costs about 35 KiB and two descriptors.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/loop/event_loop.hpp"
#include "loadgen/loop/wire_count.hpp"

namespace pushlab::loadgen {

class CurlGroup;

struct Answer {
  unsigned status = 0;  // 0 = no whole answer came, `error` says why
  std::string_view error;
  int system_error = 0;  // the errno behind it, 0 = none
  std::string_view body;
  std::int64_t read_ns = 0;  // clock read after the recv that brought the last of the body
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t connections = 0;  // that were made for it
};

// One GET at a time, over and over, on one easy handle.
class Transfer {
 public:
  explicit Transfer(std::shared_ptr<CurlGroup> group);
  virtual ~Transfer();
  Transfer(Transfer const&) = delete;
  Transfer& operator=(Transfer const&) = delete;

  // Each keeps its last value when not called; setting costs.
  void set_url(std::string const& url);
  void set_headers(std::vector<std::string> const& headers);
  void set_keep_alive(
      bool keep);  // false: each GET has a connection of its own. Before set_headers
  void set_source(unsigned source);  // 127.0.0.<source>
  void want_response_headers();      // on_header is called from then on
  void want_request_sent();          // on_request_sent is called from then on
  void want_fresh_connection();      // for the next request only

  void get();     // REQUIRES: not in flight
  void cancel();  // on_answer will not be called
  bool in_flight() const { return in_flight_; }

  // Of all the group's sockets, told by the first of its transfers only.
  WireCount group_wire() const;

 protected:
  virtual void on_answer(Answer const& answer) = 0;     // get() may be called from here
  virtual void on_request_sent() {}                     // connected, and the request leaves
  virtual void on_header(std::string_view /*line*/) {}  // with its CRLF; status lines too

 private:
  friend class CurlGroup;
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static int before_request(void* self, char*, char*, int, int);
  void finish(CURLcode code);

  std::shared_ptr<CurlGroup> group_;  // goes last
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::string body_;  // holds memory only while an answer is being read
  std::int64_t read_ns_ = 0;
  bool in_flight_ = false;
  bool keep_alive_ = true;
  bool is_fresh_ = false;
};

class CurlGroup final : public Waiter {
 public:
  static constexpr std::size_t most_clients = 64;

  explicit CurlGroup(EventLoop& loop);
  ~CurlGroup() override;
  CurlGroup(CurlGroup const&) = delete;
  CurlGroup& operator=(CurlGroup const&) = delete;

  void on_ready(std::uint32_t) override {}
  void on_timer(std::int64_t now_ns, std::uint32_t token) override;

 private:
  friend class Transfer;

  // One descriptor of libcurl's in the loop. Kept for the life of the group: the loop may hold an
  // event for it.
  struct Socket final : Waiter {
    explicit Socket(CurlGroup& owner) : group(owner) {}
    void on_ready(std::uint32_t events) override { group.on_socket(*this, events); }
    CurlGroup& group;
    int fd = -1;
    std::uint32_t watched = 0;  // what the loop reports
    bool wanted = false;        // by libcurl
  };

  static int socket_changed(CURL*, curl_socket_t fd, int what, void* self, void* socket);
  static int timer_changed(CURLM*, long timeout_ms, void* self);
  static curl_socket_t socket_opens(void* self, curlsocktype, curl_sockaddr* address);
  static int socket_closes(void* self, curl_socket_t fd);

  void add(Transfer& transfer);
  void remove(Transfer& transfer);
  void on_socket(Socket& socket, std::uint32_t events);
  void watch(int fd, int what, Socket* socket);
  void pump();
  void collect();
  Socket& socket_of(int fd);

  EventLoop& loop_;
  CURLM* multi_;
  Transfer const* first_ = nullptr;
  std::vector<int> open_;  // sockets
  WireCount closed_wire_;  // of those that were closed
  std::deque<Socket> sockets_;
  std::vector<Transfer*>
      sending_;  // connected since the last turn, to be told outside libcurl's callbacks
  std::int64_t timer_due_ns_ = 0;  // 0 = none
  bool run_now_ = false;
  bool pumping_ = false;
};

}  // namespace pushlab::loadgen
