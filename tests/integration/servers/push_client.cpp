#include "tests/integration/servers/push_client.hpp"

#include <boost/json.hpp>
#include <deque>
#include <stdexcept>

namespace pushlab::test {
namespace {

namespace json = boost::json;

std::string request(std::string const& method, std::string const& target,
                    std::string const& fields) {
  return method + ' ' + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
}

std::string const handshake_fields =
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string connection_in(std::string const& text) {
  return std::string{json::parse(text).at("connection").as_string()};
}

class SseClient : public PushClient {
 public:
  SseClient(std::uint16_t port, std::string const& target, Asking const& asking)
      : wire_(port, asking.receive_buffer) {
    wire_.send(request("GET", target, asking.fields));
    auto const head = read_answer(wire_);
    if (head.status != 200 || head.field("content-type") != "text/event-stream")
      throw std::runtime_error("no event stream: " + std::to_string(head.status) + head.body);
  }

  Message next() override {
    for (;;) {
      auto const block = read_chunk(wire_);
      if (block.empty()) return {"end", cursor_, "last chunk"};
      if (block == ":\n\n") continue;
      Message const message{line(block, "event: "), line(block, "id: "), line(block, "data: ")};
      if (!block.ends_with("\n\n")) throw std::runtime_error("not whole: " + block);
      cursor_ = message.id;
      if (message.event == "hello") connection_ = connection_in(message.data);
      return message;
    }
  }

 private:
  static std::string line(std::string const& block, std::string const& name) {
    auto const at = ("\n" + block).find("\n" + name);
    if (at == std::string::npos) return {};
    auto const from = at + name.size();
    return block.substr(from, block.find('\n', from) - from);
  }

  Wire wire_;
};

class WebSocketClient : public PushClient {
 public:
  WebSocketClient(std::uint16_t port, std::string const& target, Asking const& asking)
      : wire_(open_websocket(port, target, asking.receive_buffer, asking.fields)) {}

  Message next() override {
    for (;;) {
      auto const frame = read_frame(wire_);
      if (frame.opcode == 0x9) {
        wire_.send(client_frame(0xA, frame.payload));
        continue;
      }
      if (frame.opcode == 0x8) {
        wire_.send(client_frame(0x8, frame.payload));
        auto const high = static_cast<unsigned char>(frame.payload.at(0));
        auto const low = static_cast<unsigned char>(frame.payload.at(1));
        return {"end", cursor_, std::to_string(high * 256 + low)};
      }
      auto const parsed = json::parse(frame.payload);
      cursor_ = std::string{parsed.at("id").as_string()};
      auto const data = frame.payload.find(R"("data":)") + 7;
      Message message{std::string{parsed.at("event").as_string()}, cursor_,
                      frame.payload.substr(data, frame.payload.size() - data - 1)};
      if (message.event == "hello") connection_ = connection_in(message.data);
      return message;
    }
  }

 private:
  Wire wire_;
};

class PollClient : public PushClient {
 public:
  PollClient(std::uint16_t port, std::string target, Asking const& asking, std::string wait)
      : wire_(port, asking.receive_buffer),
        target_(std::move(target)),
        fields_(asking.fields),
        wait_(std::move(wait)) {
    if (asking.cursor)
      cursor_ = *asking.cursor;
    else
      ask(target_ + "&wait=0");
    if (!pending_.empty() && pending_.front().event == "end")
      throw std::runtime_error("no answer to a poll: " + pending_.front().data);
  }

  Message next() override {
    wait_until(
        [this] {
          if (pending_.empty()) ask(target_ + "&since=" + cursor_ + name_ + wait_);
          return !pending_.empty();
        },
        "an event in a poll's answer");
    auto const message = pending_.front();
    pending_.pop_front();
    return message;
  }

 private:
  void ask(std::string const& target) {
    wire_.send(request("GET", target, fields_));
    auto const answer = read_answer(wire_);
    if (answer.status != 200) {
      pending_.push_back({"end", cursor_, std::to_string(answer.status)});
      return;
    }
    auto const body = json::parse(answer.body);
    cursor_ = std::string{body.at("next").as_string()};
    if (body.as_object().contains("connection")) {
      connection_ = connection_in(answer.body);
      name_ = "&connection=" + connection_;
    }
    if (body.as_object().contains("reset")) pending_.push_back({"reset", cursor_, {}});
    std::size_t at = 0;
    for (auto const& event : body.at("events").as_array()) {
      auto const id = std::string{event.at("id").as_string()};
      at = answer.body.find(R"({"id":")" + id + R"(","data":)", at);
      auto const from = answer.body.find(R"("data":)", at) + 7;
      pending_.push_back(
          {"db", id, answer.body.substr(from, end_of_object(answer.body, from) - from)});
    }
  }

  static std::size_t end_of_object(std::string const& text, std::size_t at) {
    json::stream_parser parser;
    parser.reset();
    json::error_code ec;
    return at + parser.write_some(text.data() + at, text.size() - at, ec);
  }

  Wire wire_;
  std::string target_, fields_, wait_, name_;
  std::deque<Message> pending_;
};

}  // namespace

Wire open_websocket(std::uint16_t port, std::string const& target, int receive_buffer,
                    std::string const& fields) {
  Wire wire{port, receive_buffer};
  wire.send(request("GET", target, handshake_fields + fields));
  auto const answer = read_answer(wire);
  if (answer.status != 101 ||
      answer.field("sec-websocket-accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    throw std::runtime_error("no handshake: " + std::to_string(answer.status));
  return wire;
}

WebSocketFrame read_frame(Wire& wire) {
  auto const head = wire.read(2);
  auto const second = static_cast<unsigned char>(head[1]);
  auto length = static_cast<std::uint64_t>(second);
  if (second >= 126) {
    length = 0;
    for (auto const c : wire.read(second == 126 ? 2 : 8))
      length = length << 8 | static_cast<unsigned char>(c);
  }
  return {head[0] & 0x0F, wire.read(length)};
}

std::string client_frame(int opcode, std::string const& payload) {
  std::string frame{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size())};
  std::string const mask = "\x0F\xF0\x55\xAA";
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

std::string read_chunk(Wire& wire) {
  auto const size = std::stoul(wire.read_until("\r\n"), nullptr, 16);
  auto block = wire.read(size);
  if (wire.read(2) != "\r\n") throw std::runtime_error("a chunk does not end where it should");
  return block;
}

std::unique_ptr<PushClient> connect(Target const& target, ServerProcess const& server,
                                    std::string const& events, Asking const& asking) {
  auto const port = server.client_port();
  auto const path = target.path() + "?events=" + events + asking.query;
  auto const since = asking.cursor ? "&lastEventId=" + *asking.cursor : "";
  switch (target.protocol) {
    case Protocol::sse:
      return std::make_unique<SseClient>(port, path + since, asking);
    case Protocol::websocket:
      return std::make_unique<WebSocketClient>(port, path + since, asking);
    case Protocol::long_poll:
      return std::make_unique<PollClient>(port, path, asking, "&wait=9");
    case Protocol::short_poll:
      return std::make_unique<PollClient>(port, path, asking, "");
  }
  return nullptr;
}

std::unique_ptr<PushClient> connect(Target const& target, ServerProcess const& server,
                                    std::string const& events,
                                    std::optional<std::string> const& cursor, int receive_buffer) {
  return connect(target, server, events, Asking{{}, {}, cursor, receive_buffer});
}

HttpAnswer knock(Target const& target, ServerProcess const& server, std::string const& events,
                 Asking const& asking, std::string const& method) {
  auto path = target.path() + "?events=" + events + asking.query;
  if (asking.cursor) path += "&lastEventId=" + *asking.cursor;
  if (target.protocol == Protocol::long_poll) path += "&wait=0";
  auto const upgrade = target.protocol == Protocol::websocket ? handshake_fields : "";
  return ask(server.client_port(), request(method, path, upgrade + asking.fields),
             method == "HEAD");
}

}  // namespace pushlab::test
