#include "servers/clients/compressed.hpp"

#include <gtest/gtest.h>

#include "tests/unit/servers/incremental_decoder.hpp"

namespace pushlab::server {
namespace {

std::string field(Response const& response, std::string_view name) {
  for (auto const& [key, value] : response.fields)
    if (key == name) return value;
  return {};
}

Request asking(std::string const& name, std::string const& value) {
  Request request;
  request.fields.emplace_back(name, value);
  return request;
}

Response answer(std::size_t size) {
  return {200, "application/json", std::string(size, 'x'), {{"ETag", "\"e-1\""}}};
}

TEST(CompressedAnswer, is_gzip_with_a_weak_etag) {
  auto const coded = compressed(answer(1024), asking("Accept-Encoding", "br, gzip"));
  EXPECT_EQ(field(coded, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(coded, "Vary"), "Accept-Encoding");
  EXPECT_EQ(field(coded, "ETag"), "W/\"e-1\"");
  test::GzipDecoder decoder;
  EXPECT_EQ(decoder.feed(coded.body), answer(1024).body);
  EXPECT_TRUE(decoder.ended());
}

TEST(CompressedAnswer, is_as_it_was_when_it_is_short_or_not_asked_for) {
  for (auto const& plain : {compressed(answer(1023), asking("Accept-Encoding", "gzip")),
                            compressed(answer(5000), asking("Accept-Encoding", "gzip;q=0")),
                            compressed(answer(5000), Request{})}) {
    EXPECT_EQ(field(plain, "Content-Encoding"), "");
    EXPECT_EQ(field(plain, "Vary"), "Accept-Encoding");
    EXPECT_EQ(field(plain, "ETag"), "\"e-1\"");
    EXPECT_EQ(plain.body, answer(plain.body.size()).body);
  }
}

TEST(CompressedAnswer, depends_on_the_origin_as_well_where_it_did) {
  auto plain = answer(10);
  plain.fields.emplace_back("Vary", "Origin");
  EXPECT_EQ(field(compressed(plain, Request{}), "Vary"), "Origin, Accept-Encoding");
}

TEST(State, is_known_by_its_etag_in_either_form) {
  for (auto const* known : {"\"e-1\"", "W/\"e-1\""})
    EXPECT_TRUE(has_state(asking("If-None-Match", known), "\"e-1\"")) << known;
  for (auto const* other : {"\"e-2\"", "W/\"e-2\"", "W/", "", "e-1"})
    EXPECT_FALSE(has_state(asking("If-None-Match", other), "\"e-1\"")) << other;
}

}  // namespace
}  // namespace pushlab::server
