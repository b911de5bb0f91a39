#include <gtest/gtest.h>

#include <atomic>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/scripted_stream.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using namespace std::string_literals;

// What a rule says of an endpoint that sends each post by this frame.
Finding pushed(std::string const& id, Frame frame, ScriptedHub::Admit admit = {}) {
  ScriptedHub hub(std::move(admit));
  ScriptedServer const server(pushes(hub, std::move(frame)));
  return checked(id, given(server, hub));
}

Verdict verdict(std::string const& id, Frame frame, ScriptedHub::Admit admit = {}) {
  return pushed(id, std::move(frame), std::move(admit)).verdict;
}

std::string faultless(ScriptedHub::Post const& post, std::size_t number) {
  return sse_event(number, payload_of(post));
}

// The whole body, as an endpoint sends it that does not look into it.
std::string body_as_data(ScriptedHub::Post const& post, std::size_t number) {
  return sse_event(number, post.body);
}

std::string unsplit(ScriptedHub::Post const& post, std::size_t number) {
  return "id: " + std::to_string(number) + "\ndata: " + payload_of(post) + "\n\n";
}

Publisher::Answer takes_json_only(ScriptedHub::Post const& post) {
  return {post.body.starts_with('{') ? 202 : 400, {}};
}

// The payload, changed where it has this mark.
Frame with_change(std::string from, std::string to) {
  return [from = std::move(from), to = std::move(to)](auto const& post, std::size_t number) {
    auto text = payload_of(post);
    if (auto const at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
    return sse_event(number, text);
  };
}

TEST(SseFraming, F05_line_ends_of_a_payload_that_end_its_event_fail) {
  EXPECT_EQ(verdict("SSE-FRAME-05", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-05", unsplit), Verdict::fail);
  // Only one kind of line end is overlooked.
  EXPECT_EQ(verdict("SSE-FRAME-05",
                    [](auto const& post, std::size_t number) {
                      auto text = sse_event(number, payload_of(post));
                      if (auto const at = text.find("\ndata: d\n"); at != std::string::npos)
                        text.replace(text.rfind("\ndata: data: "), 13, "\n\ndata: ");
                      return text;
                    }),
            Verdict::fail);
}

TEST(SseFraming, F05_and_F06_judge_an_endpoint_that_takes_json_only_by_its_json) {
  for (auto const* id : {"SSE-FRAME-05", "SSE-FRAME-06"}) {
    EXPECT_EQ(verdict(id, body_as_data, takes_json_only), Verdict::pass) << id;
    EXPECT_EQ(verdict(
                  id, [](auto const& post, std::size_t) { return "data: " + post.body + "\n\n"; },
                  takes_json_only),
              Verdict::fail)
        << id;
  }
}

TEST(SseFraming, F06_a_payload_whose_later_lines_are_lost_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-06", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-06", unsplit), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-06", with_change("\nsecond\nthird", "")), Verdict::fail);
}

TEST(SseFraming, F07_a_lost_last_line_end_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-07", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-07", with_change("m\n", "m")), Verdict::warn);
}

TEST(SseFraming, F08_a_lost_first_space_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-08", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-08", with_change(" mark", "mark")), Verdict::fail);
}

TEST(SseFraming, F09_an_empty_payload_that_is_lost_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-09", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-09",
                    [](auto const& post, std::size_t number) {
                      return post.body.empty() ? "" : faultless(post, number);
                    }),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-09", body_as_data, takes_json_only), Verdict::skip);
}

// As an endpoint does that writes the decoded member into a field of its own.
std::string member_of(ScriptedHub::Post const& post, std::string const& member) {
  auto const key = "\"" + member + "\":\"";
  auto const begin = post.body.find(key) + key.size();
  auto text = post.body.substr(begin, post.body.find('"', begin) - begin);
  for (auto const& [escape, byte] :
       {std::pair{"\\u000a"s, "\n"s}, {"\\u000d"s, "\r"s}, {"\\u0000"s, "\0"s}})
    for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape))
      text.replace(at, escape.size(), byte);
  return text;
}

TEST(SseFraming, F10_a_field_forged_by_a_name_or_an_id_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-10", body_as_data), Verdict::pass);
  for (auto const& [member, field] : {std::pair{"type"s, "event"s}, {"id"s, "id"s}})
    EXPECT_EQ(verdict("SSE-FRAME-10",
                      [&](auto const& post, std::size_t) {
                        return field + ": " + member_of(post, member) + "\ndata: " + post.body +
                               "\n\n";
                      }),
              Verdict::fail)
        << member;
}

TEST(SseFraming, F10_a_hostile_name_to_subscribe_to_that_is_repeated_in_the_stream_fails) {
  ScriptedHub hub;
  auto const talk = [&hub](bool repeats) {
    return each_request([&hub, repeats](Peer& peer, Asked const& asked) {
      auto next = hub.count();
      peer.begin_stream();
      auto const begin = asked.target.find("%0Adata%3A%20");
      auto const end = asked.target.find("%0A", begin + 1);
      if (repeats && begin != std::string::npos)
        peer.send_chunk(": " + asked.target.substr(0, begin) +
                        "\ndata: " + asked.target.substr(begin + 13, end - begin - 13) + "\n\n");
      while (auto const post = hub.await(next, peer)) peer.send_chunk(body_as_data(*post, next));
    });
  };
  ScriptedServer const bad(talk(true));
  EXPECT_EQ(checked("SSE-FRAME-10", given(bad, hub)).verdict, Verdict::fail);
  ScriptedServer const fine(talk(false));
  EXPECT_EQ(checked("SSE-FRAME-10", given(fine, hub)).verdict, Verdict::pass);
}

TEST(SseFraming, F11_a_nul_in_an_id_fails_and_a_refusal_passes) {
  auto const id_of_the_publisher = [](auto const& post, std::size_t) {
    return "id: " + member_of(post, "id") + "\ndata: " + payload_of(post) + "\n\n";
  };
  EXPECT_EQ(verdict("SSE-FRAME-11", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-11", id_of_the_publisher), Verdict::fail);
  auto const refuses = [](ScriptedHub::Post const& post) {
    return Publisher::Answer{post.body.find("\\u0000") == std::string::npos ? 202 : 400, {}};
  };
  EXPECT_EQ(verdict("SSE-FRAME-11", id_of_the_publisher, refuses), Verdict::pass);
}

// An endpoint that takes its ids from the publisher and resumes behind the one it reads.
ScriptedServer::Talk resumes_by(ScriptedHub& hub, std::function<std::string(std::string)> read) {
  return each_request([&hub, read](Peer& peer, Asked const& asked) {
    std::size_t next = asked.has("Last-Event-ID") ? 0 : hub.count();
    auto const last = read(asked.value("Last-Event-ID"));
    bool sending = !asked.has("Last-Event-ID");
    peer.begin_stream();
    while (auto const post = hub.await(next, peer)) {
      auto const id = member_of(*post, "id");
      if (sending) peer.send_chunk("id: " + id + "\ndata: " + payload_of(*post) + "\n\n");
      sending = sending || id == last;
    }
  });
}

TEST(SseFraming, F14_an_id_that_is_read_as_latin_1_warns) {
  auto const read_by = [](std::function<std::string(std::string)> read) {
    ScriptedHub hub;
    ScriptedServer const server(resumes_by(hub, std::move(read)));
    auto to = given(server, hub);
    to.settings.delivery_s = 0.3;
    return checked("SSE-FRAME-14", to).verdict;
  };
  EXPECT_EQ(read_by([](std::string id) { return id; }), Verdict::pass);
  EXPECT_EQ(read_by([](std::string const& id) {
              return id.empty() ? id : "\xC3\x83\xC2\xA9" + id.substr(2);
            }),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-14", faultless), Verdict::skip);
}

TEST(SseFraming, F18_characters_cut_into_replacements_fail) {
  EXPECT_EQ(verdict("SSE-FRAME-18", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-18", with_change("\xF0\x9F\x98\x80", "\xEF\xBF\xBD\xEF\xBF\xBD")),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-18", faultless,
                    [](auto const& post) {
                      return Publisher::Answer{post.body.size() > 500 ? 413 : 202, {}};
                    }),
            Verdict::pass);
}

TEST(SseFraming, F20_an_event_that_a_heartbeat_splits_fails) {
  auto const beating = [](bool inside) {
    return [inside](auto const& post, std::size_t number) {
      auto text = faultless(post, number);
      bool const load = post.body.find(".aaaa") != std::string::npos;
      if (load && inside) text.insert(text.find("data:"), ":\n\n");
      return load && !inside ? text + ":\n\n" : text;
    };
  };
  EXPECT_EQ(verdict("SSE-FRAME-20", beating(false)), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-20", beating(true)), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-20", faultless), Verdict::skip);
}

TEST(SseFraming, F21_a_torn_event_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-21", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-21", with_change(".bbbb", ".bb")), Verdict::fail);
}

TEST(SseFraming, F25_a_big_event_that_comes_cut_fails_and_a_refusal_passes) {
  auto const cut = [](auto const& post, std::size_t number) {
    return sse_event(number, payload_of(post).substr(0, 60'000));
  };
  auto const answers = [](int status) {
    return [status](ScriptedHub::Post const& post) {
      return Publisher::Answer{post.body.size() > 60'000 ? status : 202, {}};
    };
  };
  EXPECT_EQ(verdict("SSE-FRAME-25", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-25", cut), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-25", cut, answers(413)), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-25", cut, answers(500)), Verdict::warn);
}

TEST(SseFraming, F26_a_stream_that_ends_inside_an_event_fails) {
  auto const ends_with = [](std::string farewell) {
    ScriptedHub hub;
    ScriptedServer const server(pushes(hub, faultless, std::move(farewell)));
    auto to = given(server, hub);
    auto process = std::make_shared<ScriptedProcess>();
    process->on_terminate = [&hub] { hub.close(); };
    to.process = process;
    return checked("SSE-FRAME-26", to).verdict;
  };
  EXPECT_EQ(ends_with(""), Verdict::pass);
  EXPECT_EQ(ends_with("data: ha"), Verdict::fail);
  EXPECT_EQ(ends_with("data: half\n"), Verdict::fail);
}

TEST(SseFraming, F30_an_inversion_or_a_hole_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-30", faultless), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-30",
                    [](auto const& post, std::size_t number) {
                      return post.body.find(".0.2.") == std::string::npos ? faultless(post, number)
                                                                          : "";
                    }),
            Verdict::fail);
  std::string held;
  EXPECT_EQ(verdict("SSE-FRAME-30",
                    [&held](auto const& post, std::size_t number) {
                      auto text = faultless(post, number);
                      if (post.body.find(".0.2.") != std::string::npos)
                        return std::exchange(held, text), ""s;
                      return post.body.find(".0.3.") == std::string::npos ? text : text + held;
                    }),
            Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance
