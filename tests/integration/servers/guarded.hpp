#pragma once
#include <boost/json.hpp>

#include "tests/integration/servers/config_file.hpp"
#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {

// A server of ours that runs by this configuration.
inline ServerProcess configured(Target const& target, std::string const& toml,
                                Arguments const& flags = {}) {
  ConfigFile const file{toml};
  Arguments all{"--config", file.path()};
  all.insert(all.end(), flags.begin(), flags.end());
  return ServerProcess{target.program, all};
}

// Three people with a key each: 7 is staff, 8 has no role, root is an admin.
inline std::string const people = R"(
[auth]
kind = "static"
[[auth.keys]]
key = "key-of-7"
user = "7"
roles = ["staff"]
[[auth.keys]]
key = "key-of-8"
user = "8"
roles = []
[[auth.keys]]
key = "key-of-root"
user = "root"
roles = ["admin"]
)";

inline std::string const rules = R"(
[allow]
news = "public"
orders = "authenticated"
"audit.*" = ["admin"]
)";

inline Asking by_key(std::string const& user) {
  return {"X-API-Key: key-of-" + user + "\r\n"};
}
inline Asking by_cookie(std::string const& session) {
  return {"Cookie: theme=dark; connect.sid=" + session + "\r\n"};
}
inline Asking by_ticket(std::string const& ticket) {
  return {{}, "&ticket=" + ticket};
}

// What a client that may come in is answered.
inline int let_in(Target const& target) {
  return target.protocol == Protocol::websocket ? 101 : 200;
}

// A refusal that both a program and a person understand; its sentence.
inline std::string expect_refusal(HttpAnswer const& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  if (status == 401) {
    EXPECT_EQ(answer.field("www-authenticate"), "Bearer");
  }
  boost::json::error_code ec;
  auto const problem = boost::json::parse(answer.body, ec);
  if (ec || !problem.is_object() || !problem.as_object().contains("detail")) {
    ADD_FAILURE() << "no problem document: " << answer.body;
    return {};
  }
  EXPECT_EQ(problem.at("status"), status) << answer.body;
  std::string detail{problem.at("detail").as_string()};
  EXPECT_TRUE(detail.ends_with('.')) << detail;
  return detail;
}

inline HttpAnswer snapshot(ServerProcess const& server, std::string const& events,
                           Asking const& asking = {}) {
  return get(server.client_port(), "/snapshot?events=" + events + asking.query, asking.fields);
}

inline HttpAnswer ask_ticket(ServerProcess const& server, Asking const& asking) {
  return post(server.client_port(), "/ticket", "", asking.fields);
}
inline std::string ticket_in(HttpAnswer const& answer) {
  return std::string{boost::json::parse(answer.body).at("ticket").as_string()};
}

// A change of the account of a user, whose id is JSON: 7 or "7".
inline std::string account(std::string const& id, std::string const& what) {
  return R"({"name":"user","type":"update","id":)" + id + R"(,"data":")" + what + "\"}";
}

}  // namespace pushlab::test
