#include "results/hdr_log.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr std::uint32_t plain_cookie = 0x1c849303U | 0x10U;
constexpr std::uint32_t compressed_cookie = 0x1c849304U | 0x10U;
constexpr std::uint32_t digits = 3;
constexpr std::uint64_t lowest_ns = 1;
constexpr std::uint64_t highest_ns = 3'600'000'000'000;
constexpr std::uint32_t half_bits = 10;  // 1024 sub-buckets in every power of two but the first
constexpr std::uint64_t half_count = 1U << half_bits;

std::size_t index_of(std::uint64_t value) {
  auto const bits = static_cast<std::uint32_t>(std::bit_width(value | (2 * half_count - 1)));
  std::uint32_t const bucket = bits - (half_bits + 1);
  return ((bucket + 1) << half_bits) + static_cast<std::size_t>((value >> bucket) - half_count);
}

void put(std::string& bytes, std::uint64_t value, int count) {
  while (count-- > 0) bytes += static_cast<char>(value >> (8 * count) & 0xffU);
}

// ZigZag LEB128 of at most 9 bytes: the ninth has no continuation bit.
void put_varint(std::string& bytes, std::int64_t value) {
  auto left = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && left >= 0x80; ++i) {
    bytes += static_cast<char>(left | 0x80U);
    left >>= 7;
  }
  bytes += static_cast<char>(left);
}

// The counts up to the largest value; -n stands for n empty counters.
std::string counters(Histogram const& histogram) {
  std::map<std::size_t, std::uint64_t> placed;
  for (auto const& [bucket, count] : histogram.counts()) {
    auto const ns = static_cast<std::uint64_t>(std::llround(Histogram::midpoint_of(bucket)));
    placed[index_of(std::clamp(ns, histogram.min(), std::min(histogram.max(), highest_ns)))] +=
        count;
  }
  std::string bytes;
  std::size_t next = 0;
  for (auto const& [index, count] : placed) {
    if (index > next) {
      auto const empty = static_cast<std::int64_t>(index - next);
      put_varint(bytes, empty == 1 ? 0 : -empty);
    }
    put_varint(bytes, static_cast<std::int64_t>(count));
    next = index + 1;
  }
  return bytes;
}

std::string deflated(std::string const& plain) {
  uLongf size = compressBound(plain.size());
  std::string result(size, '\0');
  int const status = compress(reinterpret_cast<Bytef*>(result.data()), &size,
                              reinterpret_cast<Bytef const*>(plain.data()), plain.size());
  if (status != Z_OK) throw std::runtime_error("zlib could not compress a histogram");
  result.resize(size);
  return result;
}

std::string base64(std::string const& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  std::string room = text + '\0';  // EVP_EncodeBlock ends with one
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(room.data()),
                  reinterpret_cast<unsigned char const*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  room.resize(text.size());
  return room;
}

// No comma, space or quote may be in a tag.
std::string tag_of(std::string const& target, std::string_view name) {
  std::string tag = fmt::format("{}/{}", target, name);
  std::ranges::replace_if(
      tag, [](char c) { return c == ',' || c == ' ' || c == '"' || c == '\n' || c == '\r'; }, '_');
  return tag;
}

}  // namespace

std::string hdr_encoded(Histogram const& histogram) {
  std::string const payload = counters(histogram);
  std::string plain;
  put(plain, plain_cookie, 4);
  put(plain, payload.size(), 4);
  put(plain, 0, 4);  // normalising offset
  put(plain, digits, 4);
  put(plain, lowest_ns, 8);
  put(plain, highest_ns, 8);
  put(plain, std::bit_cast<std::uint64_t>(1.0), 8);  // conversion ratio
  std::string const body = deflated(plain + payload);
  std::string bytes;
  put(bytes, compressed_cookie, 4);
  put(bytes, body.size(), 4);
  return base64(bytes + body);
}

std::string hdr_log(json::object const& result) {
  std::string comments;
  std::string rows;
  double const measure_s = number_at(result, "scenario.measure_s").value_or(0);
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    double const length_s = measure_s * static_cast<double>(measured(target).size());
    for (std::string_view name : {"latency", "latency_from_send", "lag", "connect"}) {
      json::object const& stored = object_at(object_at(target, "histograms"), name);
      if (stored.empty()) continue;
      auto const histogram = Histogram::from_json(stored);
      std::string const tag = tag_of(text_at(target, "id"), name);
      if (histogram.undelivered() > 0)
        comments += fmt::format("#[{}: {} undelivered, not in the histogram]\n", tag,
                                histogram.undelivered());
      rows += fmt::format("Tag={},0.000,{:.3f},{:.3f},{}\n", tag, length_s,
                          static_cast<double>(histogram.max()) / 1e6, hdr_encoded(histogram));
    }
  }
  return fmt::format(
      "#[Histograms of pushlab run {}, started {}]\n"
      "#[Histogram log format version 1.3]\n"
      "{}"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
      "{}",
      text_at(result, "run.id"), text_at(result, "run.started"), comments, rows);
}

}  // namespace pushlab::results
