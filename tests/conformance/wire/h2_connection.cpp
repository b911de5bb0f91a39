#include "tests/conformance/wire/h2_connection.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <set>

namespace pushlab::conformance {
namespace {

Connection connect(Url const& url, Deadline const& deadline) {
  Connection::Options options;
  options.alpn = {"h2", "http/1.1"};
  Connection connection(url, deadline, options);
  if (url.tls() && connection.alpn() != "h2")
    throw WireError(WireError::Kind::tls, "ALPN did not choose h2");
  return connection;
}

nghttp2_nv pair_of(Field const& field) {
  auto const bytes = [](std::string const& text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(field.name), bytes(field.value), field.name.size(), field.value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct H2Connection::Session {
  using Handle = std::unique_ptr<nghttp2_session, decltype(&::nghttp2_session_del)>;

  Session(std::map<std::int32_t, H2Stream>& all, Options const& options) : streams(all) {
    nghttp2_session_callbacks* callbacks = nullptr;
    ::nghttp2_session_callbacks_new(&callbacks);
    ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_option* option = nullptr;
    ::nghttp2_option_new(&option);
    ::nghttp2_option_set_no_http_messaging(option, 1);
    ::nghttp2_option_set_no_auto_window_update(option, options.give_credit ? 0 : 1);
    nghttp2_session* session = nullptr;
    ::nghttp2_session_client_new2(&session, callbacks, this, option);
    handle.reset(session);
    ::nghttp2_option_del(option);
    ::nghttp2_session_callbacks_del(callbacks);
    nghttp2_settings_entry const settings[]{{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                            {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.window}};
    ::nghttp2_submit_settings(handle.get(), NGHTTP2_FLAG_NONE, settings, 2);
  }

  H2Stream* find(std::int32_t id) {
    auto const at = streams.find(id);
    return at == streams.end() ? nullptr : &at->second;
  }

  static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                       std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                       std::uint8_t, void* self);
  static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* self);
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, std::uint8_t const* data,
                     std::size_t size, void* self);
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t error, void* self);

  std::map<std::int32_t, H2Stream>& streams;
  std::set<std::int32_t> credited;
  Handle handle{nullptr, &::nghttp2_session_del};
  Instant now;  // when the bytes that are being read came
  bool settings_came = false;
  bool going_away = false;
  bool over = false;
};

int H2Connection::Session::on_header(nghttp2_session*, nghttp2_frame const* frame,
                                     std::uint8_t const* name, std::size_t name_size,
                                     std::uint8_t const* value, std::size_t value_size,
                                     std::uint8_t, void* self) {
  auto* stream = static_cast<Session*>(self)->find(frame->hd.stream_id);
  if (!stream) return 0;
  Field field{{reinterpret_cast<char const*>(name), name_size},
              {reinterpret_cast<char const*>(value), value_size}};
  if (stream->head_at != Instant()) {
    stream->trailers.push_back(std::move(field));
  } else if (field.name == ":status") {
    stream->status = std::atoi(field.value.c_str());
  } else {
    stream->fields.push_back(std::move(field));
  }
  return 0;
}

int H2Connection::Session::on_frame(nghttp2_session*, nghttp2_frame const* frame, void* self) {
  auto* session = static_cast<Session*>(self);
  auto* stream = session->find(frame->hd.stream_id);
  if (frame->hd.type == NGHTTP2_SETTINGS) session->settings_came = true;
  if (frame->hd.type == NGHTTP2_GOAWAY) session->going_away = true;
  if (!stream) return 0;
  if (frame->hd.type == NGHTTP2_HEADERS && stream->head_at == Instant()) {
    bool const interim = stream->status >= 100 && stream->status < 200;
    if (interim) stream->fields.clear();
    if (!interim) stream->head_at = session->now;
  }
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 &&
      (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS)) {
    stream->end = H2Stream::End::complete;
    stream->ended_at = session->now;
  }
  return 0;
}

int H2Connection::Session::on_data(nghttp2_session* handle, std::uint8_t, std::int32_t id,
                                   std::uint8_t const* data, std::size_t size, void* self) {
  auto* session = static_cast<Session*>(self);
  if (auto* stream = session->find(id)) {
    stream->frames.push_back({stream->content.size(), size, session->now});
    stream->content.append(reinterpret_cast<char const*>(data), size);
  }
  if (!session->credited.empty()) ::nghttp2_session_consume_connection(handle, size);
  if (session->credited.contains(id)) ::nghttp2_session_consume_stream(handle, id, size);
  return 0;
}

int H2Connection::Session::on_close(nghttp2_session*, std::int32_t id, std::uint32_t error,
                                    void* self) {
  auto* session = static_cast<Session*>(self);
  auto* stream = session->find(id);
  if (!stream || stream->end != H2Stream::End::open) return 0;
  stream->end = H2Stream::End::reset;
  stream->error_code = error;
  stream->ended_at = session->now;
  return 0;
}

H2Connection::H2Connection(Url const& url, Deadline const& deadline, Options const& options)
    : connection_(connect(url, deadline)), session_(std::make_unique<Session>(streams_, options)) {
  flush(deadline);
  if (!read(deadline, [this] { return session_->settings_came; }))
    throw WireError(WireError::Kind::syntax, "no SETTINGS came: this is not HTTP/2");
}

H2Connection::~H2Connection() = default;

std::int32_t H2Connection::request(Url const& url, Request const& request, Deadline const& deadline,
                                   std::string const& protocol) {
  Fields fields{{":method", request.method},
                {":scheme", url.tls() ? "https" : "http"},
                {":authority", url.authority()},
                {":path", request.target.empty() ? url.target : request.target}};
  if (!protocol.empty()) fields.push_back({":protocol", protocol});
  for (auto const& field : request.fields) {
    if (!same_text(field.name, "Host")) fields.push_back({lower(field.name), field.value});
  }
  std::vector<nghttp2_nv> pairs;
  std::transform(fields.begin(), fields.end(), std::back_inserter(pairs), pair_of);
  // An extended CONNECT stays open for what the client sends.
  auto const flags = protocol.empty() ? NGHTTP2_FLAG_END_STREAM : NGHTTP2_FLAG_NONE;
  auto const id = ::nghttp2_submit_headers(session_->handle.get(), flags, -1, nullptr, pairs.data(),
                                           pairs.size(), nullptr);
  if (id < 0) throw WireError(WireError::Kind::ended, ::nghttp2_strerror(id));
  streams_[id];
  flush(deadline);
  return id;
}

void H2Connection::credit(std::int32_t id) {
  session_->credited.insert(id);
}

void H2Connection::cancel(std::int32_t id, Deadline const& deadline) {
  ::nghttp2_submit_rst_stream(session_->handle.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  flush(deadline);
}

void H2Connection::flush(Deadline const& deadline) {
  while (true) {
    std::uint8_t const* bytes = nullptr;
    auto const size = ::nghttp2_session_mem_send(session_->handle.get(), &bytes);
    if (size <= 0) return;
    connection_.send({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)},
                     deadline);
  }
}

bool H2Connection::read(Deadline const& deadline, std::function<bool()> const& enough) {
  while (!enough()) {
    if (session_->over) return false;
    auto const arrival = connection_.receive(deadline);
    if (arrival.kind == Arrival::Kind::nothing) return false;
    if (arrival.kind != Arrival::Kind::bytes) {
      session_->over = true;
      continue;
    }
    session_->now = arrival.at;
    auto const used = ::nghttp2_session_mem_recv(
        session_->handle.get(), reinterpret_cast<std::uint8_t const*>(arrival.bytes.data()),
        arrival.bytes.size());
    if (used < 0)
      throw WireError(WireError::Kind::syntax, std::string("not HTTP/2: ") +
                                                   ::nghttp2_strerror(static_cast<int>(used)) +
                                                   " at " + quoted(arrival.bytes, 40));
    flush(deadline);
    if (::nghttp2_session_want_read(session_->handle.get()) == 0) session_->over = true;
  }
  return true;
}

H2Stream const& H2Connection::await_head(std::int32_t id, Deadline const& deadline) {
  auto const& awaited = stream(id);
  auto const there = [&] {
    return awaited.head_at != Instant() || awaited.end != H2Stream::End::open;
  };
  if (!read(deadline, there) || awaited.head_at == Instant())
    throw WireError(session_->over ? WireError::Kind::ended : WireError::Kind::silent,
                    "no HEADERS came on the HTTP/2 stream");
  return awaited;
}

std::optional<std::uint32_t> H2Connection::max_streams() const {
  auto const value = ::nghttp2_session_get_remote_settings(session_->handle.get(),
                                                           NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  if (value == UINT32_MAX) return {};
  return value;
}

bool H2Connection::extended_connect() const {
  return ::nghttp2_session_get_remote_settings(session_->handle.get(),
                                               NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1;
}

bool H2Connection::going_away() const {
  return session_->going_away;
}

bool H2Connection::over() const {
  return session_->over;
}

}  // namespace pushlab::conformance
