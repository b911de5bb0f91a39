#include "loadgen/client/curl_group.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {

namespace {

constexpr long read_buffer_bytes = 4096;

// libcurl's own requirement: once per process, before the first handle.
void init_curl_once() {
  static CURLcode const code = curl_global_init(CURL_GLOBAL_NOTHING);
  if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

std::uint32_t epoll_events(int what) {
  std::uint32_t events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  return events;
}

int system_error_of(CURL* easy) {
  long error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
  return static_cast<int>(error);
}

}  // namespace

CurlGroup::CurlGroup(EventLoop& loop) : loop_(loop) {
  init_curl_once();
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::runtime_error("libcurl has no memory for a multi handle");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlGroup::socket_changed);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlGroup::timer_changed);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(2 * most_clients));
}

CurlGroup::~CurlGroup() {
  curl_multi_cleanup(multi_);
}

CurlGroup::Socket& CurlGroup::socket_of(int fd) {
  auto const of_fd = [fd](Socket const& socket) { return socket.fd == fd; };
  auto found = std::ranges::find_if(sockets_, of_fd);
  if (found == sockets_.end()) {
    found = std::ranges::find_if(sockets_, [](Socket const& socket) { return socket.fd < 0; });
  }
  if (found != sockets_.end()) {
    found->fd = fd;
    return *found;
  }
  auto& fresh = sockets_.emplace_back(*this);
  fresh.fd = fd;
  return fresh;
}

int CurlGroup::socket_changed(CURL*, curl_socket_t fd, int what, void* self, void* socket) {
  static_cast<CurlGroup*>(self)->watch(fd, what, static_cast<Socket*>(socket));
  return 0;
}

// Between two requests libcurl takes its socket out and puts it back. It stays in the loop
// meanwhile, which saves two system calls a request; if it does report something then, it leaves.
void CurlGroup::watch(int fd, int what, Socket* socket) {
  if (what == CURL_POLL_REMOVE) {
    if (socket != nullptr) socket->wanted = false;
    return;
  }
  auto& known = socket != nullptr ? *socket : socket_of(fd);
  if (socket == nullptr) curl_multi_assign(multi_, fd, &known);
  known.wanted = true;
  auto const events = epoll_events(what);
  if (events == known.watched) return;
  if (known.watched == 0) {
    loop_.watch(fd, events, known);
  } else {
    loop_.rewatch(fd, events, known);
  }
  known.watched = events;
}

curl_socket_t CurlGroup::socket_opens(void* self, curlsocktype, curl_sockaddr* address) {
  auto const fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) static_cast<CurlGroup*>(self)->open_.push_back(fd);
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

int CurlGroup::socket_closes(void* self, curl_socket_t fd) {
  auto& group = *static_cast<CurlGroup*>(self);
  if (std::erase(group.open_, fd) > 0) group.closed_wire_ += wire_count_of(fd);
  for (auto& socket : group.sockets_) {
    if (socket.fd != fd) continue;
    socket.fd = -1;
    socket.watched = 0;
    socket.wanted = false;
  }
  return ::close(fd);
}

void CurlGroup::on_socket(Socket& socket, std::uint32_t events) {
  if (socket.fd < 0) return;
  if (!socket.wanted) {
    loop_.unwatch(socket.fd);
    socket.watched = 0;
    return;
  }
  int bits = 0;
  if ((events & (EPOLLIN | EPOLLHUP)) != 0) bits |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) bits |= CURL_CSELECT_OUT;
  if ((events & EPOLLERR) != 0) bits |= CURL_CSELECT_ERR;
  int running = 0;
  curl_multi_socket_action(multi_, socket.fd, bits, &running);
  pump();
}

int CurlGroup::timer_changed(CURLM*, long timeout_ms, void* self) {
  auto& group = *static_cast<CurlGroup*>(self);
  group.run_now_ = timeout_ms == 0;
  group.timer_due_ns_ = 0;
  if (timeout_ms > 0) {
    group.timer_due_ns_ = now_ns() + timeout_ms * 1'000'000;
    group.loop_.at(group.timer_due_ns_, group);
  }
  return 0;
}

void CurlGroup::on_timer(std::int64_t now, std::uint32_t) {
  if (timer_due_ns_ == 0 || now < timer_due_ns_) return;
  timer_due_ns_ = 0;
  run_now_ = true;
  pump();
}

// Runs libcurl until it has nothing to do at once. A finished transfer often begins the next one.
void CurlGroup::pump() {
  if (pumping_) return;
  pumping_ = true;
  do {
    while (run_now_) {
      run_now_ = false;
      int running = 0;
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    collect();
  } while (run_now_);
  pumping_ = false;
}

void CurlGroup::collect() {
  while (!sending_.empty()) {
    auto* const transfer = sending_.back();
    sending_.pop_back();
    transfer->on_request_sent();
  }
  int left = 0;
  while (auto* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto const code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    transfer->finish(code);
  }
  loop_.saw_time(now_ns());
}

void CurlGroup::add(Transfer& transfer) {
  curl_multi_add_handle(multi_, transfer.easy_.get());
  pump();
}

void CurlGroup::remove(Transfer& transfer) {
  curl_multi_remove_handle(multi_, transfer.easy_.get());
  std::erase(sending_, &transfer);
}

Transfer::Transfer(std::shared_ptr<CurlGroup> group)
    : group_(std::move(group)), easy_(curl_easy_init()) {
  if (group_->first_ == nullptr) group_->first_ = this;
  if (!easy_) throw std::runtime_error("libcurl has no memory for an easy handle");
  auto* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, read_buffer_bytes);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 3600L);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlGroup::socket_opens);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, group_.get());
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlGroup::socket_closes);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, group_.get());
}

Transfer::~Transfer() {
  cancel();
}

void Transfer::set_url(std::string const& url) {
  curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
}

void Transfer::set_headers(std::vector<std::string> const& headers) {
  curl_slist* list = nullptr;
  for (auto const& header : headers) list = curl_slist_append(list, header.c_str());
  if (!keep_alive_) list = curl_slist_append(list, "Connection: close");
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list);
  headers_.reset(list);
}

void Transfer::set_keep_alive(bool keep) {
  keep_alive_ = keep;
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, keep ? 0L : 1L);
  curl_easy_setopt(easy_.get(), CURLOPT_FORBID_REUSE, keep ? 0L : 1L);
}

WireCount Transfer::group_wire() const {
  if (group_->first_ != this) return {};
  auto sum = group_->closed_wire_;
  for (auto const fd : group_->open_) sum += wire_count_of(fd);
  return sum;
}

void Transfer::set_source(unsigned source) {
  auto const address = "host!127.0.0." + std::to_string(source);
  curl_easy_setopt(easy_.get(), CURLOPT_INTERFACE, address.c_str());
}

void Transfer::want_response_headers() {
  curl_easy_setopt(easy_.get(), CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  curl_easy_setopt(easy_.get(), CURLOPT_HEADERDATA, this);
}

void Transfer::want_request_sent() {
  curl_easy_setopt(easy_.get(), CURLOPT_PREREQFUNCTION, &Transfer::before_request);
  curl_easy_setopt(easy_.get(), CURLOPT_PREREQDATA, this);
}

void Transfer::want_fresh_connection() {
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, 1L);
  is_fresh_ = true;
}

void Transfer::get() {
  in_flight_ = true;
  group_->add(*this);
}

void Transfer::cancel() {
  if (!in_flight_) return;
  in_flight_ = false;
  group_->remove(*this);
  std::string().swap(body_);
}

std::size_t Transfer::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.read_ns_ = now_ns();
  transfer.body_.append(data, size * count);
  return size * count;
}

std::size_t Transfer::take_header(char* data, std::size_t size, std::size_t count, void* self) {
  static_cast<Transfer*>(self)->on_header({data, size * count});
  return size * count;
}

int Transfer::before_request(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.group_->sending_.push_back(&transfer);
  return CURL_PREREQFUNC_OK;
}

void Transfer::finish(CURLcode code) {
  auto* const easy = easy_.get();
  if (std::exchange(is_fresh_, false)) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 0L);
  long status = 0;
  long header_bytes = 0;
  long request_bytes = 0;
  long connections = 0;
  curl_off_t body_bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_bytes);
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
  curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
  curl_multi_remove_handle(group_->multi_, easy);
  in_flight_ = false;

  auto const body = std::exchange(body_, {});
  Answer answer;
  answer.status = code == CURLE_OK ? static_cast<unsigned>(status) : 0;
  if (code != CURLE_OK) answer.error = curl_easy_strerror(code);
  if (code != CURLE_OK) answer.system_error = system_error_of(easy);
  answer.body = body;
  answer.read_ns = body.empty() ? now_ns() : read_ns_;
  answer.bytes_received = static_cast<std::uint64_t>(header_bytes + body_bytes);
  answer.bytes_sent = static_cast<std::uint64_t>(request_bytes);
  answer.connections = static_cast<std::uint64_t>(connections);
  on_answer(answer);
}

}  // namespace pushlab::loadgen
