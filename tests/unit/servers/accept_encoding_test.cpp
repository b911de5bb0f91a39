#include "servers/http/accept_encoding.hpp"

#include <gtest/gtest.h>

#include <array>

namespace pushlab::server {
namespace {

constexpr std::array<std::string_view, 2> offered{"gzip", "zstd"};

std::string_view accepted(std::initializer_list<char const*> values) {
  Request request;
  for (auto const* value : values) request.fields.emplace_back("accept-encoding", value);
  return accepted_coding(request, offered);
}

struct Row {
  char const* field;
  char const* coding;
};

class AcceptEncoding : public testing::TestWithParam<Row> {};

TEST_P(AcceptEncoding, gets_what_it_likes_best_of_what_is_offered) {
  EXPECT_EQ(accepted({GetParam().field}), GetParam().coding) << GetParam().field;
}

INSTANTIATE_TEST_SUITE_P(
    rfc_9110_12_5_3, AcceptEncoding,
    testing::Values(Row{"", ""}, Row{"gzip", "gzip"}, Row{"zstd", "zstd"}, Row{"identity", ""},
                    Row{"gzip, deflate, br, zstd", "gzip"}, Row{"zstd, gzip", "gzip"},
                    Row{"zstd;q=1.0, gzip;q=0.5", "zstd"}, Row{"zstd;q=0.4,gzip;q=0.5", "gzip"},
                    Row{"br;q=1, gzip;q=0.5", "gzip"}, Row{"br", ""}, Row{"GZip", "gzip"},
                    Row{"x-gzip", "gzip"}, Row{" \tgzip\t; q=0.001 ", "gzip"},
                    Row{",, gzip ,", "gzip"}, Row{"gzip;q=0", ""}, Row{"gzip;q=0.000", ""},
                    Row{"gzip;Q=0, zstd", "zstd"}, Row{"*", "gzip"}, Row{"*;q=0", ""},
                    Row{"*;q=0, zstd", "zstd"}, Row{"zstd, *;q=0", "zstd"},
                    Row{"*, gzip;q=0", "zstd"}, Row{"gzip;q=0, *;q=0.1", "zstd"},
                    Row{"identity;q=0, *", "gzip"}, Row{"identity;q=0", ""},
                    Row{"identity;q=0, br", ""}, Row{"identity;q=0.5, gzip;q=0.5", "gzip"},
                    Row{"identity, gzip;q=0.999", ""}, Row{"*;q=0.5, gzip;q=0.4", "zstd"},
                    Row{"gzip;q=0, gzip", ""}));

INSTANTIATE_TEST_SUITE_P(broken, AcceptEncoding,
                         testing::Values(Row{"gzip;q=", ""}, Row{"gzip;q=2", ""},
                                         Row{"gzip;q=1.001", ""}, Row{"gzip;q=0.0001", ""},
                                         Row{"gzip;q=-1", ""}, Row{"gzip;q=.5", ""},
                                         Row{"gzip;q=1x", ""}, Row{"gzip;q", ""},
                                         Row{"gzip;level=9", ""}, Row{"gzip;q=1;q=0", ""},
                                         Row{"gzip zstd", ""}, Row{";q=1", ""},
                                         Row{"gzip;q=x, zstd", "zstd"}, Row{"gzip;", "gzip"}));

TEST(AcceptEncodings, of_several_fields_count_together) {
  EXPECT_EQ(accepted({"br", "zstd"}), "zstd");
  EXPECT_EQ(accepted({"gzip;q=0.1", "zstd;q=0.2"}), "zstd");
}

TEST(AcceptEncodings, that_are_absent_ask_for_nothing) {
  EXPECT_EQ(accepted({}), "");
}

}  // namespace
}  // namespace pushlab::server
