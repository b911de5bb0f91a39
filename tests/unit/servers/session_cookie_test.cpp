#include "servers/auth/session_cookie.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

constexpr char const* secret = "keyboard cat";

// Made as cookie-signature makes them, by node: 's:' + id + '.' +
// crypto.createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
constexpr char const* signed_cookie =
    "s:Zk9wq3YVnR1Xo0bT7eLhJ2mPcA5sDfGi.XPesJn246bJXn26BL+Oac0VXbH1RfolgwQfSGUIClrA";

TEST(SessionCookie, of_express_session_is_verified) {
  EXPECT_EQ(session_id(signed_cookie, secret), "Zk9wq3YVnR1Xo0bT7eLhJ2mPcA5sDfGi");
  EXPECT_EQ(session_id("s:id3.xEGh1/9/w4Po/oGJK7XdiW+A2jvS8tfNMzDL5Rc5zB4", secret), "id3");
}

TEST(SessionCookie, ends_its_id_at_the_last_dot) {
  EXPECT_EQ(session_id("s:a.b.j+64Xf4O5ZEXP+qQsHKDtNnvAIHe3v1wxoNRgirN2JQ", "k"), "a.b");
  EXPECT_EQ(session_id("s:a.b.c", ""), "a.b");
}

TEST(SessionCookie, signed_otherwise_is_forged) {
  std::string const good = signed_cookie;
  EXPECT_FALSE(session_id(good, "keyboard dog"));
  for (std::size_t at = 2; at < good.size(); ++at) {
    auto forged = good;
    forged[at] = forged[at] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(session_id(forged, secret)) << forged;
  }
  EXPECT_FALSE(session_id(good + "=", secret));
  EXPECT_FALSE(session_id(good.substr(0, good.size() - 1), secret));
  EXPECT_FALSE(session_id(good.substr(0, good.rfind('.') + 1), secret));
}

TEST(SessionCookie, without_a_signature_is_forged_when_there_is_a_secret) {
  for (auto const* cookie : {"", "abc", "s:", "s:abc", "s:abc.", "s:.", "j:{\"a\":1}", "S:abc.def"})
    EXPECT_FALSE(session_id(cookie, secret)) << cookie;
}

TEST(SessionCookie, loses_its_signature_when_there_is_no_secret) {
  EXPECT_EQ(session_id(signed_cookie, ""), "Zk9wq3YVnR1Xo0bT7eLhJ2mPcA5sDfGi");
  EXPECT_EQ(session_id("s:abc.anything", ""), "abc");
}

TEST(SessionCookie, may_be_the_id_alone_when_there_is_no_secret) {
  EXPECT_EQ(session_id("abc.def", ""), "abc.def");
  EXPECT_FALSE(session_id("", ""));
  EXPECT_FALSE(session_id("s:", ""));
  EXPECT_FALSE(session_id("s:abc", ""));
  EXPECT_FALSE(session_id("s:.abc", ""));
}

}  // namespace
}  // namespace pushlab::server
