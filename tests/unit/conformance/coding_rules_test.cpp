#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/stream_coder.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// How a scripted SSE server that codes differs from a faultless one.
struct CodedScript {
  std::set<std::string> codings{"gzip", "deflate", "br", "zstd"};
  std::function<std::string(std::string const& accept)> choose = {};
  std::string vary = "Accept-Encoding";
  std::string plain_vary = "Accept-Encoding";
  std::string coder = {};  // instead of the chosen coding's
  bool flushes = true;     // events
  bool late_by_one = false;
  double delay_s = 0;
  bool withholds_head = false;
  bool flushes_quiet = true;  // greeting and heartbeats
  double beat_s = 0.1;
  bool keeps_context = true;
  bool joins_members = false;  // a gzip member an event
  std::string (*spoil_end)(std::string) = nullptr;
};

// The one with the highest weight; of equals the first.
std::string best(std::set<std::string> const& codings, std::string const& accept) {
  std::string chosen;
  double highest = 0;
  for (auto const& member : split_list(accept, ',')) {
    auto const parts = split_list(member, ';');
    auto const weight = parts.size() > 1 ? std::stod(parts[1].substr(2)) : 1.0;
    if (codings.contains(parts[0]) && weight > highest) {
      highest = weight;
      chosen = parts[0];
    }
  }
  return chosen;
}

class CodedStream {
 public:
  CodedStream(Peer& peer, CodedScript const& script, std::string const& coding)
      : peer_(peer), script_(script), coding_(coding), coder_(new_coder()) {}

  void run(ScriptedHub& hub, std::size_t next, Asked const& asked,
           std::atomic<bool> const& stopping) {
    quiet(": hello\n\n");
    auto beat_at = Deadline::in(script_.beat_s);
    while (peer_.wait(0) && !stopping) {
      if (auto const post = hub.await(next, peer_, 0.005);
          post && asked.target.ends_with("=" + post->name))
        event("data: " + post->body + "\n\n");
      if (!beat_at.over()) continue;
      quiet(": beat\n\n");
      beat_at = Deadline::in(script_.beat_s);
    }
    if (!stopping) return;
    auto const end = coder_->end();
    send(script_.spoil_end ? script_.spoil_end(end) : end);
    peer_.send_last_chunk();
  }

 private:
  std::unique_ptr<StreamCoder> new_coder() const {
    return StreamCoder::of(coding_.empty() || script_.coder.empty() ? coding_ : script_.coder);
  }
  void quiet(std::string const& text) {
    if (script_.joins_members) return;
    send(coder_->add(text, script_.flushes_quiet));
  }
  void event(std::string text) {
    if (script_.delay_s > 0 && !coding_.empty()) peer_.wait(script_.delay_s);
    if (script_.late_by_one && !coding_.empty()) std::swap(text, held_);
    if (script_.joins_members || !script_.keeps_context) {
      send(coder_->end());
      coder_ = new_coder();
    }
    if (!text.empty()) send(coder_->add(text, script_.flushes));
  }
  void send(std::string const& bytes) {
    if (!bytes.empty()) peer_.send_chunk(bytes);
  }

  Peer& peer_;
  CodedScript const& script_;
  std::string coding_;
  std::unique_ptr<StreamCoder> coder_;
  std::string held_;
};

Finding found(std::string const& id, CodedScript script = {}, Fields const& fields = {},
              bool with_process = false, double answer_s = 1) {
  ScriptedHub hub;
  std::atomic<bool> stopping = false;
  ScriptedServer const server(each_request([&](Peer& peer, Asked const& asked) {
    auto const accept = asked.value("Accept-Encoding");
    auto const coding = script.choose ? script.choose(accept) : best(script.codings, accept);
    if (script.withholds_head && !coding.empty()) return peer.hold();
    std::size_t next = 0;  // only what comes from now on
    while (hub.await(next, peer, 0.001)) continue;
    peer.begin_stream({"Vary: " + (coding.empty() ? script.plain_vary : script.vary),
                       "Content-Encoding: " + (coding.empty() ? "identity" : coding)});
    CodedStream(peer, script, coding).run(hub, next, asked, stopping);
  }));
  ScriptedProcess process;
  process.on_terminate = [&] { stopping = true; };
  process.rss = [rss = std::int64_t{0}]() mutable { return rss += 4096; };
  auto endpoint = given(server, hub);
  endpoint.fields = fields;
  endpoint.settings.answer_s = answer_s;
  if (with_process) endpoint.process = {std::shared_ptr<void>(), &process};
  return checked(id, endpoint);
}

Verdict verdict(std::string const& id, CodedScript script = {}) {
  return found(id, std::move(script)).verdict;
}

TEST(Codings, a_faultless_server_passes) {
  for (auto const* id :
       {"COMP-01", "COMP-02", "COMP-03", "COMP-04", "COMP-05", "COMP-06", "COMP-07", "COMP-08"}) {
    auto const finding = found(id);
    EXPECT_EQ(finding.verdict, Verdict::pass) << id << ": " << finding.reason();
  }
}

TEST(Codings, one_that_codes_nothing_is_not_judged) {
  for (auto const* id : {"COMP-02", "COMP-03", "COMP-04", "COMP-05", "COMP-06", "COMP-07",
                         "COMP-08", "COMP-11", "COMP-21"})
    EXPECT_EQ(verdict(id, {.codings = {}}), Verdict::skip) << id;
  EXPECT_EQ(found("COMP-10", {.codings = {}}, {}, true).verdict, Verdict::skip);
  EXPECT_EQ(verdict("COMP-01", {.codings = {}}), Verdict::pass);
  EXPECT_EQ(verdict("COMP-09"), Verdict::skip);
}

TEST(Codings, C01_nothing_is_coded_unless_asked_for) {
  auto const always = [](std::string const&) -> std::string { return "gzip"; };
  EXPECT_EQ(verdict("COMP-01", {.choose = always}), Verdict::fail);
}

TEST(Codings, C02_weights_are_heeded) {
  auto const by_name = [](std::string const& accept) -> std::string {
    return accept.find("gzip") != std::string::npos ? "gzip" : "";
  };
  EXPECT_EQ(verdict("COMP-02", {.choose = by_name}), Verdict::fail);
  auto const first_listed = [](std::string const& accept) -> std::string {
    auto const chosen = best({"gzip", "br"}, accept);
    return chosen == "br" && accept.find("gzip;q=0.1") != std::string::npos ? "gzip" : chosen;
  };
  EXPECT_EQ(verdict("COMP-02", {.choose = first_listed}), Verdict::warn);
}

TEST(Codings, C03_events_can_be_read_when_they_arrive) {
  EXPECT_EQ(verdict("COMP-03", {.codings = {"gzip"}, .flushes = false, .beat_s = 20}),
            Verdict::fail);
  EXPECT_EQ(verdict("COMP-03", {.codings = {"br"}, .delay_s = 0.25}), Verdict::fail);
  auto const finding = found("COMP-03", {.codings = {"zstd"}, .late_by_one = true});
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_NE(finding.seen.find("with the next one"), std::string::npos) << finding.seen;
}

TEST(Codings, C04_heartbeats_are_not_held_back) {
  EXPECT_EQ(verdict("COMP-04", {.codings = {"gzip"}, .flushes_quiet = false}), Verdict::fail);
}

TEST(Codings, C04_a_head_that_is_held_back_fails_where_it_is_judged) {
  for (auto const& [id, expected] :
       std::vector<std::pair<std::string, Verdict>>{{"COMP-03", Verdict::fail},
                                                    {"COMP-04", Verdict::fail},
                                                    {"COMP-05", Verdict::skip},
                                                    {"COMP-11", Verdict::skip}})
    EXPECT_EQ(found(id, {.codings = {"gzip"}, .withholds_head = true}, {}, false, 0.2).verdict,
              expected)
        << id;
}

TEST(Codings, C05_answers_vary_and_say_so) {
  EXPECT_EQ(verdict("COMP-05", {.vary = "Origin"}), Verdict::fail);
  EXPECT_EQ(verdict("COMP-05", {.plain_vary = "Origin"}), Verdict::warn);
}

TEST(Codings, C06_deflate_has_its_wrapper) {
  EXPECT_EQ(verdict("COMP-06", {.codings = {"deflate"}, .coder = "raw-deflate"}), Verdict::warn);
}

TEST(Codings, C07_gzip_is_one_member_with_a_right_end) {
  EXPECT_EQ(verdict("COMP-07", {.codings = {"gzip"}, .joins_members = true}), Verdict::fail);
  EXPECT_EQ(verdict("COMP-07", {.codings = {"gzip"}, .coder = "deflate"}), Verdict::fail);
  auto const with_end = [](std::string (*spoil)(std::string)) {
    return found("COMP-07", {.codings = {"gzip"}, .spoil_end = spoil}, {}, true).verdict;
  };
  EXPECT_EQ(with_end([](std::string end) { return end; }), Verdict::pass);
  EXPECT_EQ(with_end([](std::string) { return std::string(); }), Verdict::pass);
  EXPECT_EQ(with_end([](std::string end) {
              end[end.size() - 6] = static_cast<char>(~end[end.size() - 6]);
              return end;
            }),
            Verdict::fail);
}

TEST(Codings, C08_zstd_has_a_small_window) {
  EXPECT_EQ(verdict("COMP-08", {.codings = {"zstd"}, .coder = "wide-zstd"}), Verdict::fail);
}

TEST(Codings, C10_memory_is_stated) {
  auto const finding = found("COMP-10", {}, {}, true);
  EXPECT_EQ(finding.verdict, Verdict::info);
  EXPECT_EQ(finding.seen, "1.0 KiB for a compressed connection, 1.0 for a plain one");
}

TEST(Codings, C11_a_context_on_a_users_own_stream_is_warned_about) {
  Fields const session{{"Cookie", "session=1"}};
  EXPECT_EQ(found("COMP-11", {}, session).verdict, Verdict::warn);
  EXPECT_EQ(found("COMP-11", {}).verdict, Verdict::info);
  EXPECT_EQ(found("COMP-11", {.codings = {"zstd"}, .keeps_context = false}, session).verdict,
            Verdict::pass);
}

TEST(Codings, C21_shared_bytes_are_told_from_own_ones) {
  auto const own = found("COMP-21", {.beat_s = 20});
  EXPECT_EQ(own.verdict, Verdict::info);
  auto const shared = found("COMP-21", {.codings = {"zstd"}, .beat_s = 20, .keeps_context = false});
  EXPECT_EQ(shared.verdict, Verdict::info);
  EXPECT_NE(own.seen, shared.seen);
}

// A short poll whose answers are coded by gzip, spoiled.
Verdict polled(std::string const& id, std::function<std::string(std::string)> const& spoil) {
  ScriptedServer const server(each_request([&](Peer& peer, Asked const& asked) {
    bool const codes = asked.value("Accept-Encoding").find("gzip") != std::string::npos &&
                       asked.value("Accept-Encoding").find("q=0") == std::string::npos;
    std::string const body = R"({"next":"e-1","events":[]})";
    auto const content = codes ? spoil(coded("gzip", body)) : body;
    std::vector<std::string> lines{"Vary: Accept-Encoding",
                                   fmt::format("Content-Length: {}", content.size())};
    if (codes) lines.emplace_back("Content-Encoding: gzip");
    peer.send_head("200 OK", lines);
    peer.send(content);
  }));
  auto endpoint = given(server);
  endpoint.strategy = Strategy::short_poll;
  return checked(id, endpoint).verdict;
}

TEST(Codings, polls_are_judged_as_wholes) {
  auto const whole = [](std::string content) { return content; };
  for (auto const* id : {"COMP-01", "COMP-02", "COMP-05", "COMP-07"})
    EXPECT_EQ(polled(id, whole), Verdict::pass) << id;
  auto const cut = [](std::string const& content) { return content.substr(0, content.size() - 8); };
  EXPECT_EQ(polled("COMP-07", cut), Verdict::fail);
  EXPECT_EQ(polled("COMP-03", whole), Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance
