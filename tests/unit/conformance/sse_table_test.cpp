#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/conformance/wire/sse_reader.hpp"
#include "tests/unit/loadgen/sse_parser_cases.hpp"

namespace pushlab::conformance {
namespace {

using loadgen::SseCase;

constexpr std::string_view replacement = "\xef\xbf\xbd";

// What the table says of a stream, from what the checker's reader kept of it.
std::string transcript(SseStream const& stream) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < stream.lines.size(); ++i) {
    auto const& line = stream.lines[i];
    bool const digits =
        !line.value.empty() && line.value.find_first_not_of("0123456789") == std::string::npos;
    if (line.field == "retry" && digits && line.end != SseLine::End::none)
      text += '{' + std::to_string(std::strtoll(line.value.c_str(), nullptr, 10)) + '}';
    if (next == stream.blocks.size() || stream.blocks[next].last_line != i) continue;
    auto const& block = stream.blocks[next++];
    if (block.is_event()) text += '[' + block.type + '|' + block.data + '|' + block.id + ']';
  }
  return text;
}

// In pieces that end at these places.
SseStream read_in_pieces(std::string_view stream, std::vector<std::size_t> const& ends) {
  SseReader reader;
  std::size_t begin = 0;
  for (auto const end : ends) {
    reader.feed(std::string(stream.substr(begin, end - begin)), Instant());
    begin = end;
  }
  reader.feed(std::string(stream.substr(begin)), Instant());
  return reader.stream();
}

// An opinion of its own on the streams that the load generator's parser is tested by. It repairs
// nothing: where a client puts U+FFFD it has the bytes, and they are found not to be UTF-8.
class SseTable : public testing::TestWithParam<SseCase> {
 protected:
  void expect_as_listed(std::vector<std::size_t> const& ends) {
    auto const& given = GetParam();
    auto const read = read_in_pieces(given.stream, ends);
    if (given.expected.find(replacement) == std::string_view::npos) {
      EXPECT_EQ(transcript(read), given.expected);
      EXPECT_EQ(read.last_event_id, given.last_id);
    } else {
      EXPECT_NE(find_bad_utf8(transcript(read)), std::string::npos);
    }
  }
};

TEST_P(SseTable, is_read_alike_byte_by_byte) {
  std::vector<std::size_t> ends;
  for (std::size_t end = 1; end < GetParam().stream.size(); ++end) ends.push_back(end);
  expect_as_listed(ends);
}

TEST_P(SseTable, is_read_alike_with_one_cut_anywhere) {
  for (std::size_t cut = 0; cut <= GetParam().stream.size(); ++cut) expect_as_listed({cut});
}

TEST_P(SseTable, is_read_alike_with_random_cuts) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::size_t> ends;
    for (std::size_t end = random() % 5; end < GetParam().stream.size(); end += 1 + random() % 5)
      ends.push_back(end);
    expect_as_listed(ends);
  }
}

INSTANTIATE_TEST_SUITE_P(Listed, SseTable, testing::ValuesIn(loadgen::sse_cases),
                         [](auto const& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace pushlab::conformance
