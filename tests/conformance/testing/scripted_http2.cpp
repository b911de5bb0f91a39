#include "tests/conformance/testing/scripted_http2.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace pushlab::conformance::testing {
namespace {

struct StreamOut {
  std::string text;  // not sent yet
  bool is_stream = false;
};

class Http2Talk {
 public:
  Http2Talk(Peer& peer, Http2Script const& script) : peer_(peer), script_(script) {
    nghttp2_session_callbacks* callbacks = nullptr;
    ::nghttp2_session_callbacks_new(&callbacks);
    ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session* session = nullptr;
    ::nghttp2_session_server_new(&session, callbacks, this);
    session_.reset(session);
    ::nghttp2_session_callbacks_del(callbacks);
    if (script.hub) next_ = script.hub->count();
  }

  void run() {
    nghttp2_settings_entry const most{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
                                      script_.max_streams.value_or(0)};
    ::nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, &most,
                              script_.max_streams ? 1 : 0);
    flush();
    while (peer_.wait(0.005)) {
      auto const bytes = peer_.receive(0);
      auto const* data = reinterpret_cast<std::uint8_t const*>(bytes.data());
      if (::nghttp2_session_mem_recv(session_.get(), data, bytes.size()) < 0) return;
      publish();
      flush();
    }
  }

 private:
  static Http2Talk& self(void* talk) { return *static_cast<Http2Talk*>(talk); }

  static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                       std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                       std::uint8_t, void* talk) {
    std::string_view const field(reinterpret_cast<char const*>(name), name_size);
    std::string_view const path(reinterpret_cast<char const*>(value), value_size);
    if (field == ":path")
      self(talk).streams_[frame->hd.stream_id].is_stream = path.starts_with("/stream");
    return 0;
  }

  static int on_frame(nghttp2_session*, nghttp2_frame const* frame, void* talk) {
    if (frame->hd.type == NGHTTP2_HEADERS) self(talk).answer(frame->hd.stream_id);
    return 0;
  }

  static int on_close(nghttp2_session* session, std::int32_t id, std::uint32_t error, void* talk) {
    auto& me = self(talk);
    me.streams_.erase(id);
    if (error == NGHTTP2_CANCEL && me.script_.cancel_ends_all)
      for (auto const& [other, out] : me.streams_)
        ::nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, other, NGHTTP2_INTERNAL_ERROR);
    return 0;
  }

  static ssize_t on_read(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t most,
                         std::uint32_t* flags, nghttp2_data_source*, void* talk) {
    auto& out = self(talk).streams_[id];
    auto const size = std::min(most, out.text.size());
    std::memcpy(to, out.text.data(), size);
    out.text.erase(0, size);
    if (!out.is_stream) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (size == 0 && out.is_stream) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(size);
  }

  void answer(std::int32_t id) {
    auto& out = streams_[id];
    auto const open = std::count_if(streams_.begin(), streams_.end(),
                                    [](auto const& one) { return one.second.is_stream; });
    if (out.is_stream && open > script_.answers) return;
    std::string status = out.is_stream ? "200" : "404", type = "text/event-stream";
    std::string names[]{":status", "content-type"};
    auto const bytes = [](std::string& text) {
      return reinterpret_cast<std::uint8_t*>(text.data());
    };
    nghttp2_nv const fields[]{
        {bytes(names[0]), bytes(status), names[0].size(), status.size(), NGHTTP2_NV_FLAG_NONE},
        {bytes(names[1]), bytes(type), names[1].size(), type.size(), NGHTTP2_NV_FLAG_NONE}};
    if (out.is_stream) out.text = script_.greeting;
    nghttp2_data_provider const provider{{}, on_read};
    ::nghttp2_submit_response(session_.get(), id, fields, 2, &provider);
  }

  void publish() {
    if (!script_.hub) return;
    while (auto const post = script_.hub->await(next_, peer_, 0.001)) {
      for (auto& [id, out] : streams_) {
        if (!out.is_stream) continue;
        out.text += "data: " + post->body + "\n\n";
        ::nghttp2_session_resume_data(session_.get(), id);
      }
    }
  }

  void flush() {
    while (!script_.full_window_stalls || !full_window()) {
      std::uint8_t const* bytes = nullptr;
      auto const size = ::nghttp2_session_mem_send(session_.get(), &bytes);
      if (size <= 0) return;
      peer_.send({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)});
    }
  }

  bool full_window() const {
    return std::any_of(streams_.begin(), streams_.end(), [this](auto const& one) {
      auto const left = ::nghttp2_session_get_stream_remote_window_size(session_.get(), one.first);
      return !one.second.text.empty() && left <= 0;
    });
  }

  Peer& peer_;
  Http2Script const& script_;
  std::unique_ptr<nghttp2_session, decltype(&::nghttp2_session_del)> session_{
      nullptr, &::nghttp2_session_del};
  std::map<std::int32_t, StreamOut> streams_;
  std::size_t next_ = 0;
};

}  // namespace

ScriptedServer::Talk http2(Http2Script script) {
  return [script = std::move(script)](Peer& peer) { Http2Talk(peer, script).run(); };
}

}  // namespace pushlab::conformance::testing
