#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/conformance/compression/extension.hpp"
#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/scripted_websocket.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using Kind = WebSocketBreach::Kind;

constexpr auto field = "Sec-WebSocket-Extensions";
constexpr auto nothing = "";

bool is_valid(Extension const& offer) {
  std::set<std::string> names;
  for (auto const& [name, value] : offer.parameters) {
    bool const flag = name.ends_with("_no_context_takeover");
    bool const window = name.ends_with("_max_window_bits");
    if (!names.insert(name).second || (!flag && !window) || (flag && value)) return false;
    if (!window || (name == "client_max_window_bits" && !value)) continue;
    auto const bits = value.value_or("");
    if (bits != "9" && (bits.size() != 2 || bits < "10" || bits > "15")) return false;
  }
  return offer.name == "permessage-deflate";
}

// A faultless answer to these offers: the first that is valid, or none.
std::string negotiated(std::string const& offers) {
  for (auto const& offer : parse_extensions(offers)) {
    if (!is_valid(offer)) continue;
    std::string answer = "permessage-deflate";
    for (auto const* name : {"server_no_context_takeover", "client_no_context_takeover"})
      if (offer.has(name)) answer += fmt::format("; {}", name);
    if (auto const* bits = offer.find("server_max_window_bits"))
      answer += "; server_max_window_bits=" + *bits->value;
    return answer;
  }
  return nothing;
}

using Negotiator = std::function<std::string(std::string const& offers)>;

WebSocketScript deflating(Negotiator const& negotiate = negotiated) {
  WebSocketScript script;
  script.answer = [negotiate](Asked const& asked) {
    auto const answer = negotiate(asked.value(field));
    return handshake_answer(asked, answer.empty() ? "" : fmt::format("{}: {}\r\n", field, answer));
  };
  script.inflater = [](std::string const& answer) -> std::unique_ptr<MessageInflater> {
    if (answer.find(field) == std::string::npos) return nullptr;
    return std::make_unique<MessageInflater>();
  };
  return script;
}

Endpoint::Given socket_given(ScriptedServer const& server) {
  auto given_it = given(server);
  given_it.strategy = Strategy::websocket;
  return given_it;
}

Finding found(std::string const& id, WebSocketScript script = deflating()) {
  ScriptedServer const server(websocket(std::move(script)));
  return checked(id, socket_given(server));
}

Verdict verdict(std::string const& id, WebSocketScript script = deflating()) {
  return found(id, std::move(script)).verdict;
}

TEST(Extension, is_parsed_with_its_parameters) {
  auto const all = parse_extensions(R"(a; b; c=1; d="2, 3; 4" , e;f)");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "a");
  EXPECT_FALSE(all[0].find("b")->value);
  EXPECT_EQ(all[0].find("c")->value, "1");
  EXPECT_EQ(all[0].find("d")->value, "2, 3; 4");
  EXPECT_TRUE(all[1].has("f"));
}

TEST(Extension, an_answer_fits_one_of_the_offers) {
  std::string const pmd = "permessage-deflate";
  EXPECT_EQ(illegal(pmd, ""), "");
  EXPECT_EQ(illegal(pmd, pmd), "");
  EXPECT_EQ(illegal(pmd, pmd + "; server_max_window_bits=10; server_no_context_takeover"), "");
  EXPECT_EQ(illegal(pmd + "; client_max_window_bits", pmd + "; client_max_window_bits=9"), "");
  EXPECT_EQ(illegal(pmd + "; server_max_window_bits=10, " + pmd, pmd), "");
  for (auto const& [offers, answer] : std::vector<std::pair<std::string, std::string>>{
           {"", pmd},
           {pmd, "x-other"},
           {pmd, pmd + ", " + pmd},
           {pmd, pmd + "; foo"},
           {pmd, pmd + "; client_max_window_bits=10"},
           {pmd, pmd + "; server_max_window_bits"},
           {pmd, pmd + "; server_max_window_bits=08"},
           {pmd, pmd + "; server_max_window_bits=16"},
           {pmd, pmd + "; server_no_context_takeover=1"},
           {pmd, pmd + "; server_no_context_takeover; server_no_context_takeover"},
           {pmd + "; server_no_context_takeover", pmd},
           {pmd + "; server_max_window_bits=10", pmd},
           {pmd + "; server_max_window_bits=10", pmd + "; server_max_window_bits=11"},
           {pmd + "; client_max_window_bits=10", pmd + "; client_max_window_bits=11"}})
    EXPECT_NE(illegal(offers, answer), "") << offers << " / " << answer;
}

TEST(MessageDeflate, a_faultless_server_passes) {
  for (auto const* id :
       {"COMP-12", "COMP-13", "COMP-14", "COMP-17", "COMP-18", "COMP-19", "COMP-20"}) {
    auto const finding = found(id);
    EXPECT_EQ(finding.verdict, Verdict::pass) << id << ": " << finding.reason();
  }
}

TEST(MessageDeflate, one_that_declines_is_judged_by_that_alone) {
  for (auto const* id : {"COMP-12", "COMP-14", "COMP-18", "COMP-19", "COMP-20"})
    EXPECT_EQ(verdict(id, {}), Verdict::skip) << id;
  EXPECT_EQ(verdict("COMP-13", {}), Verdict::pass);
  EXPECT_EQ(verdict("COMP-17", {}), Verdict::pass);
  EXPECT_EQ(verdict("COMP-17", {.overlooks = {Kind::reserved_bits}}), Verdict::fail);
}

TEST(MessageDeflate, C12_the_answer_fits_an_offer) {
  auto const stubborn = [](std::string const& offers) {
    return offers.find("permessage-deflate") == std::string::npos ? "" : "permessage-deflate";
  };
  EXPECT_EQ(verdict("COMP-12", deflating(stubborn)), Verdict::fail);
  auto const unasked = [](std::string const&) { return "permessage-deflate"; };
  EXPECT_EQ(verdict("COMP-12", deflating(unasked)), Verdict::fail);
}

TEST(MessageDeflate, C13_an_invalid_offer_is_passed_over) {
  auto const lenient = [](std::string const& offers) {
    return offers.empty() ? "" : "permessage-deflate; server_max_window_bits=9";
  };
  EXPECT_EQ(verdict("COMP-13", deflating(lenient)), Verdict::fail);
  auto strict = deflating();
  strict.answer = [](Asked const& asked) {
    auto const offers = parse_extensions(asked.value(field));
    return std::all_of(offers.begin(), offers.end(), is_valid)
               ? handshake_answer(asked)
               : "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  };
  EXPECT_EQ(verdict("COMP-13", strict), Verdict::fail);
}

TEST(MessageDeflate, C14_the_clients_window_is_its_own_affair) {
  auto const bossy = [](std::string const& offers) {
    auto const answer = negotiated(offers);
    return answer.empty() ? answer : answer + "; client_max_window_bits=10";
  };
  EXPECT_EQ(verdict("COMP-14", deflating(bossy)), Verdict::fail);
}

// Pushes what the hub got, compressed as the agreement says, or as `bits` and `context` say.
Verdict pushed(std::string const& id, std::optional<int> bits, std::optional<bool> context,
               bool compresses = true) {
  ScriptedHub hub;
  auto script = deflating();
  script.talk = [&](Peer& peer, Asked const& asked) {
    Head head;
    head.fields.push_back({field, negotiated(asked.value(field))});
    auto const agreed = agreement_in(head);
    MessageDeflater deflater(bits.value_or(agreed.server_bits),
                             context.value_or(agreed.server_context));
    std::size_t next = 0;
    while (auto const post = hub.await(next, peer))
      if (asked.target.ends_with("=" + post->name))
        peer.send(WebSocketFrame{.payload = compresses ? deflater.deflate(post->body) : post->body,
                                 .rsv = compresses ? WebSocketFrame::rsv1 : 0,
                                 .masked = false}
                      .bytes());
  };
  ScriptedServer const server(websocket(script));
  auto endpoint = given(server, hub);
  endpoint.strategy = Strategy::websocket;
  return checked(id, endpoint).verdict;
}

TEST(MessageDeflate, C15_no_context_is_kept_where_none_was_agreed) {
  EXPECT_EQ(pushed("COMP-15", {}, {}), Verdict::pass);
  EXPECT_EQ(pushed("COMP-15", {}, true), Verdict::fail);
  EXPECT_EQ(pushed("COMP-15", {}, {}, false), Verdict::skip);
}

TEST(MessageDeflate, C16_the_window_is_kept_to) {
  EXPECT_EQ(pushed("COMP-16", {}, {}), Verdict::pass);
  EXPECT_EQ(pushed("COMP-16", 15, {}), Verdict::fail);
}

TEST(MessageDeflate, C17_marks_where_they_have_no_meaning_are_refused_and_not_sent) {
  auto lenient = deflating();
  lenient.overlooks = {Kind::reserved_bits};
  EXPECT_EQ(verdict("COMP-17", lenient), Verdict::fail);
  auto marked = deflating();
  marked.pong = [](WebSocketFrame const& ping) {
    return WebSocketFrame{.opcode = Opcode::pong,
                          .payload = ping.payload,
                          .rsv = WebSocketFrame::rsv1,
                          .masked = false}
        .bytes();
  };
  EXPECT_EQ(verdict("COMP-17", marked), Verdict::fail);
}

TEST(MessageDeflate, C18_what_was_agreed_is_taken) {
  auto idle_promise = deflating();
  idle_promise.inflater = {};
  EXPECT_EQ(verdict("COMP-18", idle_promise), Verdict::fail);
}

TEST(MessageDeflate, C19_a_bomb_is_refused_or_costs_nothing) {
  auto unbounded = deflating();
  unbounded.most_bytes = 1 << 30;
  EXPECT_EQ(verdict("COMP-19", unbounded), Verdict::warn);
  ScriptedServer const server(websocket(unbounded));
  ScriptedProcess process;
  auto endpoint = socket_given(server);
  endpoint.process = {std::shared_ptr<void>(), &process};
  EXPECT_EQ(checked("COMP-19", endpoint).verdict, Verdict::pass);
  process.rss = [rss = std::int64_t{0}]() mutable { return rss += 1 << 24; };
  EXPECT_EQ(checked("COMP-19", endpoint).verdict, Verdict::fail);
}

TEST(MessageDeflate, C20_corrupt_data_ends_the_connection) {
  auto lenient = deflating();
  lenient.overlooks = {Kind::deflate};
  EXPECT_EQ(verdict("COMP-20", lenient), Verdict::fail);
}

TEST(MessageDeflate, C11_and_C21_are_about_messages_too) {
  EXPECT_EQ(pushed("COMP-11", {}, {}), Verdict::info);
  EXPECT_EQ(pushed("COMP-11", {}, false), Verdict::pass);
  EXPECT_EQ(pushed("COMP-21", {}, {}), Verdict::info);
}

}  // namespace
}  // namespace pushlab::conformance
