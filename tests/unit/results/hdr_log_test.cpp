// Read back by a decoder of our own. hdr-histogram-js 3.0.1 read sample.hlog, too: 1000 values of
// ramp/latency, median 500.4 ms, p99 992.5 ms, largest 1000.3 ms.
#include "results/hdr_log.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <vector>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

std::uint64_t big_endian(std::string const& bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

std::string unbase64(std::string const& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<unsigned char const*>(text.data()),
                  static_cast<int>(text.size()));
  return bytes;  // up to two zero bytes too many
}

// Value -> count; the value is the lowest that its counter stands for.
std::map<std::uint64_t, std::uint64_t> decoded(std::string const& text) {
  std::string const outer = unbase64(text);
  EXPECT_EQ(big_endian(outer, 0, 4), 0x1c849314U);
  auto const length = big_endian(outer, 4, 4);
  std::string inner(1 << 20, '\0');
  uLongf size = inner.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(inner.data()), &size,
                       reinterpret_cast<Bytef const*>(outer.data() + 8), length),
            Z_OK);
  EXPECT_EQ(big_endian(inner, 0, 4), 0x1c849313U);
  EXPECT_EQ(big_endian(inner, 4, 4), size - 40);
  EXPECT_EQ(big_endian(inner, 8, 4), 0U);
  EXPECT_EQ(big_endian(inner, 12, 4), 3U);
  EXPECT_EQ(big_endian(inner, 16, 8), 1U);
  EXPECT_EQ(big_endian(inner, 24, 8), 3'600'000'000'000U);
  EXPECT_EQ(big_endian(inner, 32, 8), 0x3ff0000000000000U);
  std::map<std::uint64_t, std::uint64_t> counts;
  std::uint64_t index = 0;
  for (std::size_t at = 40; at < size;) {
    std::uint64_t zigzag = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto const byte = static_cast<unsigned char>(inner.at(at++));
      zigzag |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) break;
    }
    auto const value =
        static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
    if (value <= 0) {
      index += value == 0 ? 1 : static_cast<std::uint64_t>(-value);
      continue;
    }
    std::uint64_t const bucket = index < 2048 ? 0 : index / 1024 - 1;
    counts[(index - 1024 * bucket) << bucket] += static_cast<std::uint64_t>(value);
    ++index;
  }
  return counts;
}

TEST(HdrEncoding, gives_back_every_count_within_its_resolution) {
  Histogram histogram;
  std::vector<std::uint64_t> const values{0,    1,    2,     3,         127,        128,
                                          2047, 2048, 4'097, 1'000'000, 99'999'999, 5'000'000'000};
  for (std::size_t i = 0; i < values.size(); ++i) histogram.add(values[i], i + 1);
  auto const counts = decoded(hdr_encoded(histogram));
  ASSERT_EQ(counts.size(), values.size());
  std::size_t i = 0;
  for (auto const& [value, count] : counts) {
    EXPECT_EQ(count, i + 1) << value;
    EXPECT_NEAR(static_cast<double>(value), static_cast<double>(values[i]),
                0.006 * static_cast<double>(values[i]));
    ++i;
  }
}

TEST(HdrEncoding, keeps_percentiles_of_many_values) {
  sample::Random random(3);
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i)
    histogram.add(static_cast<std::uint64_t>(1e6 * std::exp(random.normal())));
  std::uint64_t seen = 0;
  double median = 0;
  for (auto const& [value, count] : decoded(hdr_encoded(histogram))) {
    if (seen < 10'000) median = static_cast<double>(value);
    seen += count;
  }
  EXPECT_EQ(seen, 20'000U);
  EXPECT_NEAR(median, *histogram.quantile(0.5), 0.001 * median);
}

TEST(HdrEncoding, begins_as_every_reader_expects_and_can_be_empty) {
  EXPECT_TRUE(hdr_encoded(Histogram{}).starts_with("HISTFAAAA"));
  EXPECT_TRUE(decoded(hdr_encoded(Histogram{})).empty());
}

TEST(HdrEncoding, holds_what_is_longer_than_an_hour_at_the_end) {
  Histogram histogram;
  histogram.add(7'200'000'000'000);
  EXPECT_NEAR(static_cast<double>(decoded(hdr_encoded(histogram)).begin()->first), 3.6e12, 4e9);
}

json::object sample_result() {
  auto targets = sample::five_targets();
  targets[1].lost = 2;
  json::object result = sample::result({20, 20, 2, 10, 0.08, 1}, targets);
  summarise(result);
  return result;
}

TEST(HdrLog, has_a_tagged_row_for_each_targets_histogram) {
  json::object const result = sample_result();
  std::istringstream lines(hdr_log(result));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line,
            "#[Histograms of pushlab run 19700101-000000-sample, started "
            "1970-01-01T00:00:00Z]");
  std::getline(lines, line);
  EXPECT_EQ(line, "#[Histogram log format version 1.3]");
  std::getline(lines, line);
  EXPECT_EQ(line, "#[websocket/latency: 4 undelivered, not in the histogram]");
  std::getline(lines, line);
  EXPECT_EQ(line, "#[websocket/latency_from_send: 4 undelivered, not in the histogram]");
  std::getline(lines, line);
  EXPECT_TRUE(line.starts_with("\"StartTimestamp\",\"Interval_Length\"")) << line;
  std::getline(lines, line);
  EXPECT_TRUE(line.starts_with("Tag=sse/latency,0.000,4.000,")) << line;
  auto const counts = decoded(line.substr(line.rfind(',') + 1));
  std::uint64_t total = 0;
  for (auto const& [value, count] : counts) total += count;
  EXPECT_EQ(total, 20U * 20U * 2U);
  std::size_t rows = 1;
  while (std::getline(lines, line)) ++rows;
  EXPECT_EQ(rows, 5U * 4U);
}

TEST(HdrLog, is_the_golden_one_that_another_library_could_read) {
  std::ifstream file(PUSHLAB_SAMPLE_HLOG);
  std::string const golden{std::istreambuf_iterator<char>(file), {}};
  Histogram histogram;
  for (std::uint64_t ms = 1; ms <= 1000; ++ms) histogram.add(ms * 1'000'000);
  json::object const result{
      {"run", json::object{{"id", "golden"}, {"started", "1970-01-01T00:00:00Z"}}},
      {"scenario", json::object{{"measure_s", 10}}},
      {"targets",
       json::array{json::object{{"id", "ramp"},
                                {"repetitions", json::array{json::object{{"error", nullptr}}}},
                                {"histograms", json::object{{"latency", histogram.to_json()}}}}}}};
  std::string const log = hdr_log(result);
  EXPECT_EQ(log.substr(0, log.rfind(',')), golden.substr(0, golden.rfind(',')));
  auto const encoded = [](std::string const& text) {
    return text.substr(text.rfind(',') + 1, text.rfind('\n') - text.rfind(',') - 1);
  };
  EXPECT_EQ(decoded(encoded(log)), decoded(encoded(golden)));  // zlibs compress differently
}

}  // namespace
}  // namespace pushlab::results
