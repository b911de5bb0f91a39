#include <gtest/gtest.h>

#include "sse_answers.hpp"

// Rules of SSE-RESP that take a request of their own.
namespace pushlab::conformance {
namespace {

using namespace testing;

// An endpoint with CORS: these lines for each origin.
ScriptedServer::Talk cors(std::function<Lines(std::string const& origin)> lines) {
  return answering([lines = std::move(lines)](Asked const& asked) {
    auto answer = asked.target == "/stream" ? Answer{} : plain("404 Not Found");
    if (asked.method == "OPTIONS") answer = plain("204 No Content");
    if (!asked.has("Origin")) return answer;
    for (auto& line : lines(asked.value("Origin"))) answer.lines.push_back(std::move(line));
    return answer;
  });
}

ScriptedServer::Talk cors_line(std::string const& line) {
  return cors([line](std::string const&) { return Lines{line}; });
}

Lines echo(std::string const& origin) {
  return {"Access-Control-Allow-Origin: " + origin, "Access-Control-Allow-Credentials: true"};
}

bool is_attacker(std::string const& origin) {
  return origin == "https://attacker.example" || origin == "null";
}

ScriptedServer::Talk careful() {
  return cors([](std::string const& origin) {
    return is_attacker(origin) ? Lines{} : echo(origin) + "Vary: Origin";
  });
}

TEST(SseResponse, R12_an_origin_that_is_not_ours_fails) {
  EXPECT_EQ(verdict("SSE-RESP-12", always({})), Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-12", careful()), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-12", cors_line("Access-Control-Allow-Origin: *")), Verdict::pass);
  for (auto const* bad : {"", "null", "https://a.example, https://b.example"})
    EXPECT_EQ(verdict("SSE-RESP-12", cors_line(std::string("Access-Control-Allow-Origin: ") + bad)),
              Verdict::fail)
        << bad;
  ScriptedServer const server(cors_line("Access-Control-Allow-Origin: https://app.example"));
  auto endpoint = given(server);
  EXPECT_EQ(checked("SSE-RESP-12", endpoint).verdict, Verdict::warn);
  endpoint.fields = {{"Origin", "https://app.example"}};
  EXPECT_EQ(checked("SSE-RESP-12", endpoint).verdict, Verdict::pass);
  endpoint.fields = {{"Origin", "https://our.example"}};
  EXPECT_EQ(checked("SSE-RESP-12", endpoint).verdict, Verdict::fail);
}

TEST(SseResponse, R13_a_star_with_credentials_fails) {
  EXPECT_EQ(verdict("SSE-RESP-13", always({})), Verdict::skip);
  EXPECT_EQ(verdict("SSE-RESP-13", careful()), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-13", cors_line("Access-Control-Allow-Origin: *")), Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-13", cors([](std::string const&) { return echo("*"); })),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-13", cors([](std::string const& origin) {
                      return Lines{"Access-Control-Allow-Origin: " + origin,
                                   "Access-Control-Allow-Credentials: True"};
                    })),
            Verdict::fail);
}

TEST(SseResponse, R14_any_origin_reflected_with_credentials_fails) {
  EXPECT_EQ(verdict("SSE-RESP-14", careful()), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-14", cors(echo)), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-14", cors([](std::string const& origin) {
                      return origin == "null" ? echo(origin) : Lines{};
                    })),
            Verdict::fail);
}

TEST(SseResponse, R15_an_echoed_origin_without_vary_is_a_warning) {
  EXPECT_EQ(verdict("SSE-RESP-15", careful()), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-15", cors(echo)), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-15", cors_line("Access-Control-Allow-Origin: *")), Verdict::skip);
}

TEST(SseResponse, R16_a_refused_preflight_fails_when_ids_need_one) {
  auto const with_id = [](std::string const& id, Lines preflight) {
    return answering([=](Asked const& asked) {
      if (asked.method == "OPTIONS") return plain("204 No Content", preflight);
      return Answer{"200 OK", good_lines + "Access-Control-Allow-Origin: *",
                    "id: " + id + "\ndata: x\n\n"};
    });
  };
  Lines const granting{"Access-Control-Allow-Origin: *",
                       "Access-Control-Allow-Headers: Last-Event-ID"};
  EXPECT_EQ(verdict("SSE-RESP-16", with_id("1:2", granting)), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-16", with_id("1-2", {})), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-16", with_id("1:2", {})), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-16", with_id(std::string(129, 'a'), {})), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-16", always({})), Verdict::skip);
}

TEST(SseResponse, R17_errors_without_cors_are_a_warning) {
  EXPECT_EQ(verdict("SSE-RESP-17", careful()), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-17", answering([](Asked const& asked) {
                      return asked.target == "/stream"
                                 ? Answer{"200 OK", good_lines + "Access-Control-Allow-Origin: *"}
                                 : plain("404 Not Found");
                    })),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-17", always({})), Verdict::skip);
}

// Faultless but for the answer to one method.
ScriptedServer::Talk to_method(std::string const& method, Answer answer) {
  return answering([=](Asked const& asked) {
    if (asked.method == method) return answer;
    bool const served = asked.method == "GET" || asked.method == "HEAD";
    return served ? Answer{} : plain("405 No", {"Allow: GET, HEAD"});
  });
}

ScriptedServer::Talk silent_to(std::string const& method) {
  return each_request([method](Peer& peer, Asked const& asked) {
    asked.method == method ? peer.hold() : give(peer, asked, {});
  });
}

TEST(SseResponse, R18_a_head_request_that_hangs_or_brings_a_body_fails) {
  EXPECT_EQ(verdict("SSE-RESP-18", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-18", silent_to("HEAD")), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-18", each_request([](Peer& peer, Asked const&) {
                      peer.begin_stream();
                      peer.send_chunk(": body\n\n");
                      peer.hold();
                    })),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-18", to_method("HEAD", plain("405 No"))), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-18", to_method("HEAD", plain("200 OK", {"Content-Type: text/html"}))),
            Verdict::warn);
}

TEST(SseResponse, R19_an_options_request_that_opens_a_stream_fails) {
  EXPECT_EQ(verdict("SSE-RESP-19", to_method("OPTIONS", plain("204 No Content"))), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-19", to_method("OPTIONS", plain("405 No", {"Allow: GET"}))),
            Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-19", to_method("OPTIONS", plain("405 No"))), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-19", always({})), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-19", silent_to("OPTIONS")), Verdict::fail);
}

TEST(SseResponse, R20_a_stream_for_put_or_delete_fails) {
  EXPECT_EQ(verdict("SSE-RESP-20", to_method("PUT", plain("405 No", {"Allow: GET"}))),
            Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-20", to_method("PATCH", plain("404 Not Found"))), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-20", to_method("POST", {})), Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-20", to_method("DELETE", {})), Verdict::fail);
}

TEST(SseResponse, R21_a_stream_only_for_those_who_name_the_type_fails) {
  EXPECT_EQ(verdict("SSE-RESP-21", always({})), Verdict::pass);
  auto const strict = [](Answer otherwise) {
    return answering([otherwise](Asked const& asked) {
      return asked.value("Accept") == "text/event-stream" ? Answer{} : otherwise;
    });
  };
  EXPECT_EQ(verdict("SSE-RESP-21", strict(plain("406 Not Acceptable"))), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-21", strict(plain("200 OK", {"Content-Type: text/html"}))),
            Verdict::warn);
}

TEST(SseResponse, R22_disregarding_accept_is_allowed_and_told) {
  EXPECT_EQ(verdict("SSE-RESP-22", always({})), Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-22", answering([](Asked const& asked) {
                      return asked.value("Accept") == "text/event-stream"
                                 ? Answer{}
                                 : plain("406 Not Acceptable");
                    })),
            Verdict::pass);
}

TEST(SseResponse, R23_a_transfer_coding_for_http_1_0_fails) {
  EXPECT_EQ(verdict("SSE-RESP-23", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-23", with_lines(good_lines + "Transfer-Encoding: identity")),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-23", answering([](Asked const& asked) {
                      return asked.version == "HTTP/1.0" ? plain("505 No") : Answer{};
                    })),
            Verdict::warn);
}

TEST(SseResponse, R25_conditions_that_are_met_fail) {
  EXPECT_EQ(verdict("SSE-RESP-25", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-25", with_lines(good_lines + "ETag: \"1\"")), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-25", with_lines(good_lines + "Accept-Ranges: none")), Verdict::pass);
  for (auto const* field : {"Range", "If-None-Match", "If-Modified-Since"})
    EXPECT_EQ(verdict("SSE-RESP-25", answering([field](Asked const& asked) {
                        return asked.has(field) ? plain("416 No") : Answer{};
                      })),
              Verdict::fail)
        << field;
}

// Open to whom the function lets in; the others get the answer.
ScriptedServer::Talk guarded(std::function<bool(Asked const&)> lets_in, Answer otherwise) {
  return answering([lets_in = std::move(lets_in), otherwise](Asked const& asked) {
    return lets_in(asked) ? Answer{} : otherwise;
  });
}

bool has_good_token(Asked const& asked) {
  return asked.value("Authorization") == "Bearer good";
}

Verdict verdict_with_token(std::string const& id, ScriptedServer::Talk talk) {
  ScriptedServer const server(std::move(talk));
  auto with_token = given(server);
  with_token.fields = {{"Authorization", "Bearer good"}};
  return checked(id, with_token).verdict;
}

TEST(SseResponse, R29_a_refusal_inside_an_open_stream_fails) {
  auto const refusing = [](Answer answer) {
    return verdict_with_token("SSE-RESP-29", guarded(has_good_token, answer));
  };
  EXPECT_EQ(refusing(plain("401 Unauthorized", {"WWW-Authenticate: Bearer"})), Verdict::pass);
  EXPECT_EQ(refusing(plain("401 Unauthorized")), Verdict::warn);
  EXPECT_EQ(refusing(plain("503 Service Unavailable")), Verdict::warn);
  EXPECT_EQ(refusing(plain("503 Service Unavailable", {"Retry-After: 3"})), Verdict::pass);
  EXPECT_EQ(refusing(plain("302 Found", {"Location: /login"})), Verdict::warn);
  EXPECT_EQ(refusing(plain("200 OK", {"Content-Type: text/html"})), Verdict::warn);
  EXPECT_EQ(refusing({"200 OK", good_lines, "event: error\ndata: unauthorized\n\n"}),
            Verdict::fail);
  EXPECT_EQ(refusing({"200 OK", good_lines, "event: error\ndata: unauthorized\n\n", false}),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-29", always({})), Verdict::info);
}

struct NoProcess final : ProcessHold {
  bool running() override { return true; }
  void terminate() override {}
  void kill() override {}
  bool ended_within(double, std::string&) override { return false; }
  void restart() override {}
  std::int64_t rss_bytes() override { return 0; }
  int sockets() override { return 0; }
};

Verdict verdict_of_overload(std::function<void(Peer&, Asked const&)> to_the_fifth) {
  auto served = std::make_shared<std::atomic<int>>(0);
  ScriptedServer const server(each_request([=](Peer& peer, Asked const& asked) {
    ++*served == 5 ? to_the_fifth(peer, asked) : give(peer, asked, {});
  }));
  auto held = given(server);
  held.process = std::make_shared<NoProcess>();
  return checked("SSE-RESP-30", held).verdict;
}

TEST(SseResponse, R30_a_status_for_overload_is_a_warning) {
  EXPECT_EQ(verdict_of_overload([](Peer& peer, Asked const& asked) { give(peer, asked, {}); }),
            Verdict::info);
  EXPECT_EQ(verdict_of_overload([](Peer& peer, Asked const&) { peer.reset(); }), Verdict::pass);
  EXPECT_EQ(verdict_of_overload([](Peer& peer, Asked const& asked) {
              give(peer, asked, plain("503 Service Unavailable", {"Retry-After: 1"}));
            }),
            Verdict::warn);
}

TEST(SseResponse, R31_several_types_without_vary_are_a_warning) {
  auto const negotiating = [](Lines lines) {
    return answering([lines](Asked const& asked) {
      return asked.value("Accept") == "text/html" ? plain("200 OK", {"Content-Type: text/html"})
                                                  : Answer{"200 OK", lines};
    });
  };
  EXPECT_EQ(verdict("SSE-RESP-31", always({})), Verdict::skip);
  EXPECT_EQ(verdict("SSE-RESP-31", negotiating(good_lines + "Vary: Accept")), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-31", negotiating(good_lines)), Verdict::warn);
}

TEST(SseResponse, R32_a_big_request_that_breaks_the_endpoint_fails) {
  auto const to_big = [](std::function<void(Peer&, Asked const&)> answer) {
    return each_request([answer = std::move(answer)](Peer& peer, Asked const& asked) {
      asked.raw.size() > 8000 ? answer(peer, asked) : give(peer, asked, {});
    });
  };
  EXPECT_EQ(verdict("SSE-RESP-32", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-32", to_big([](Peer& peer, Asked const& asked) {
                      give(peer, asked, plain("431 Too Large"));
                    })),
            Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-32", to_big([](Peer& peer, Asked const&) { peer.reset(); })),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-32", to_big([](Peer& peer, Asked const& asked) {
                      give(peer, asked, plain("500 Oh"));
                    })),
            Verdict::fail);
  auto broken = std::make_shared<std::atomic<bool>>(false);
  EXPECT_EQ(verdict("SSE-RESP-32", each_request([broken](Peer& peer, Asked const& asked) {
                      if (asked.raw.size() > 8000) *broken = true;
                      *broken ? peer.reset() : give(peer, asked, {});
                    })),
            Verdict::fail);
}

TEST(SseResponse, R33_a_token_taken_from_the_url_is_a_warning) {
  Answer const refusal = plain("401 Unauthorized", {"WWW-Authenticate: Bearer"});
  auto const in_url = [](Asked const& asked) {
    return has_good_token(asked) || asked.target.find("access_token=good") != std::string::npos;
  };
  EXPECT_EQ(verdict_with_token("SSE-RESP-33", guarded(has_good_token, refusal)), Verdict::pass);
  EXPECT_EQ(verdict_with_token("SSE-RESP-33", guarded(in_url, refusal)), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-33", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-33", guarded(
                                       [](Asked const& asked) {
                                         return asked.target.find("token=") == std::string::npos;
                                       },
                                       refusal)),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-33", guarded(has_good_token, refusal)), Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance
