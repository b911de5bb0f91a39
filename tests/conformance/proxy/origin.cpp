#include "tests/conformance/proxy/origin.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

namespace pushlab::conformance {
namespace {

constexpr std::string_view probe_path = "/probe/";

}  // namespace

Reply::Reply(Peer& peer, Asked const& asked, std::vector<std::string> const& head)
    : peer_(peer), chunked_(asked.version != "HTTP/1.0") {
  auto lines = head;
  // Without a date some caches store nothing.
  lines.push_back(
      fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr))));
  lines.emplace_back(chunked_ ? "Transfer-Encoding: chunked" : "Connection: close");
  peer.send_head("200 OK", lines);
}

std::string Reply::framed(std::string_view text) const {
  return chunked_ ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : std::string(text);
}

void Reply::send(std::string_view text) {
  peer_.send(framed(text));
}

Origin::Origin(std::vector<std::string> head)
    : head_(std::move(head)),
      server_([this](Peer& peer) { talk(peer); }, testing::ScriptedServer::Begin::later) {}

std::string Origin::serve(Talk talk) {
  std::lock_guard const lock(mutex_);
  talks_.push_back(std::move(talk));
  return fmt::format("{}{}", probe_path, talks_.size() - 1);
}

Publisher::Answer Origin::post(std::string const& name, std::string const& body,
                               Deadline const& deadline) {
  return hub_.post(name, body, deadline);
}

void Origin::talk(Peer& peer) {
  try {
    while (auto const asked = peer.read_request()) {
      answer(peer, *asked);
      if (asked->version == "HTTP/1.0") return;
    }
  } catch (Overdue const&) {
    // The run was interrupted.
  }
}

void Origin::answer(Peer& peer, Asked const& asked) {
  Talk const* talk = nullptr;
  if (asked.target.starts_with(probe_path)) {
    auto const number = std::strtoul(asked.target.c_str() + probe_path.size(), nullptr, 10);
    std::lock_guard const lock(mutex_);
    if (number < talks_.size()) talk = &talks_[number];
  }
  if (talk)
    (*talk)(peer, asked);
  else if (asked.target.starts_with("/events"))
    stream(peer, asked);
  else
    peer.send_head("404 Not Found", {"Content-Length: 0"});
}

void Origin::stream(Peer& peer, Asked const& asked) {
  Reply reply(peer, asked, head_);
  if (asked.method == "HEAD") return;
  std::size_t next = 0;
  while (peer.wait(0)) {
    auto const post = hub_.await(next, peer);
    if (post && asked.target.ends_with("events=" + post->name))
      reply.send("data: " + post->body + "\n\n");
  }
}

}  // namespace pushlab::conformance
