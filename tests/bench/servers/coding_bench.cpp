#include <benchmark/benchmark.h>
#include <brotli/encode.h>

#include <memory>
#include <vector>

#include "servers/http/content_coding.hpp"
#include "servers/sse/sse_encoder.hpp"
#include "tests/bench/servers/orders.hpp"

namespace pushlab::server {
namespace {

// The form of brotli that could be shared, which no server of ours offers: a part that may stand
// anywhere behind as much text as the window holds (BROTLI_PARAM_STREAM_OFFSET).
std::string brotli_part(std::string_view text) {
  constexpr std::uint32_t quality = 5, window_bits = 16, far = 1U << 24;
  struct Destroy {
    void operator()(BrotliEncoderState* state) const { BrotliEncoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliEncoderState, Destroy> const encoder{
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)};
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_QUALITY, quality);
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_LGWIN, window_bits);
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_STREAM_OFFSET, far);
  std::string coded(text.size() * 2 + 1000, '\0');
  auto const* in = reinterpret_cast<std::uint8_t const*>(text.data());
  auto* out = reinterpret_cast<std::uint8_t*>(coded.data());
  auto in_bytes = text.size(), out_bytes = coded.size();
  do {
    BrotliEncoderCompressStream(encoder.get(), BROTLI_OPERATION_FLUSH, &in_bytes, &in, &out_bytes,
                                &out, nullptr);
  } while (in_bytes > 0 || BrotliEncoderHasMoreOutput(encoder.get()));
  coded.resize(coded.size() - out_bytes);
  return coded;
}

// What the form of one event costs, before anybody gets it, and what it saves.
template <std::string (*part)(std::string_view)>
void coding(benchmark::State& state) {
  std::mt19937 random{1};
  SseEncoder const encoder;
  std::vector<std::string> texts;
  for (std::uint64_t seq = 1; seq <= 64; ++seq)
    texts.emplace_back(encoder.unchunked(
        encoder.frame({0xAB12CD34, seq}, order(static_cast<std::size_t>(state.range(0)), random))));
  std::size_t plain = 0, coded = 0, at = 0;
  for (auto _ : state) {
    auto const& text = texts[at++ % texts.size()];
    plain += text.size();
    coded += part(text).size();
  }
  state.counters["percent"] = 100.0 * static_cast<double>(coded) / static_cast<double>(plain);
}
BENCHMARK(coding<gzip_part>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000)->Arg(16'000);
BENCHMARK(coding<zstd_part>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000)->Arg(16'000);
BENCHMARK(coding<brotli_part>)->Arg(100)->Arg(300)->Arg(1000)->Arg(4000)->Arg(16'000);

}  // namespace
}  // namespace pushlab::server
