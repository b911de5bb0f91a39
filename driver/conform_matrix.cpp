#include "driver/conform_matrix.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "driver/commands.hpp"
#include "driver/conform_via.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/status_line.hpp"
#include "driver/target_process.hpp"
#include "driver/target_version.hpp"
#include "report/html.hpp"
#include "tests/conformance/proxy/matrix.hpp"

namespace pushlab::driver {
namespace {

using conformance::Endpoint;
using conformance::Matrix;
using conformance::MatrixRow;

// The proxies that --via names, or all; each in both flavours unless one was named.
std::vector<Proxy> chosen(std::vector<std::string> const& via) {
  std::vector<Proxy> proxies;
  for (auto const& id : via.empty() ? proxy_ids() : via) {
    if (id.find(':') != std::string::npos) {
      proxies.push_back(read_proxy(id));
      continue;
    }
    for (auto const& flavour : proxy_flavours()) proxies.push_back(read_proxy(id + ":" + flavour));
  }
  return proxies;
}

constexpr std::size_t floods_at_once = 6;  // they fill buffers for a moment, then wait

class Rows {
 public:
  Rows(Endpoint::Given const& given, std::vector<Proxy> const& proxies, Matrix& matrix)
      : given_(given), proxies_(proxies), matrix_(matrix) {
    matrix_.rows.push_back({.proxy = "direct", .version = "–"});
    for (auto const& proxy : proxies_) matrix_.rows.push_back(describe(proxy));
  }

  // All rows side by side: proxies mostly wait. With `silence` a second instance of each is left
  // alone meanwhile; it takes as long as the longest patience. All children are started before the
  // first origin begins its threads.
  void measure_all(StatusLine& status, bool silence) {
    auto const silent = silence ? start_all() : Endpoints();
    auto const asked = start_all();
    begin_origins(silent);
    begin_origins(asked);
    std::jthread const beside(
        [&] { for_each_at_once(0, silent.size(), silent, conformance::measure_idle); });
    status.show(fmt::format("{} rows", asked.size()));
    for_each_at_once(0, asked.size(), asked, conformance::measure);
    flood_all(status, asked);
    if (silence) status.show(fmt::format("silence, {:.0f} s", given_.settings.proxy.idle_s));
  }

  bool any_failed() const { return any_failed_; }

 private:
  static MatrixRow describe(Proxy const& proxy) {
    MatrixRow row{.proxy = proxy.id, .flavour = proxy.flavour};
    if (auto const* lacking = missing(proxy.target))
      row.not_run = fmt::format("not installed ({})", lacking->install);
    else
      row.version = version_of(proxy.target);
    return row;
  }

  using Endpoints = std::vector<std::unique_ptr<Endpoint>>;

  Endpoints start_all() {
    Endpoints endpoints;
    for (std::size_t i = 0; i < matrix_.rows.size(); ++i) endpoints.push_back(start(i));
    return endpoints;
  }

  static void begin_origins(Endpoints const& endpoints) {
    for (auto const& endpoint : endpoints)
      if (endpoint) endpoint->via().origin->begin();
  }

  void flood_all(StatusLine& status, Endpoints const& endpoints) {
    for (std::size_t first = 0; first < endpoints.size(); first += floods_at_once) {
      auto const end = std::min(first + floods_at_once, endpoints.size());
      status.show(fmt::format("clients that do not read, rows {} to {} of {}", first + 1, end,
                              endpoints.size()));
      for_each_at_once(first, end, endpoints, conformance::measure_stalled);
      for (auto i = first; i < end; ++i)
        if (interrupted()) matrix_.rows[i].not_run = "interrupted";
    }
  }

  // Null when it does not run; then the row has the reason.
  std::unique_ptr<Endpoint> start(std::size_t i) {
    auto& row = matrix_.rows[i];
    if (row.not_run.empty() && interrupted()) row.not_run = "interrupted";
    if (!row.not_run.empty()) return nullptr;
    auto given = given_;
    try {
      if (i == 0)
        put_nothing_between(given);
      else
        put_between(proxies_[i - 1], given);
      return std::make_unique<Endpoint>(std::move(given));
    } catch (TargetError const& error) {
      row.not_run = fmt::format("did not start: {}", error.what());
      any_failed_ = true;
      return nullptr;
    }
  }

  void for_each_at_once(std::size_t first, std::size_t end, Endpoints const& endpoints,
                        void (*probe)(MatrixRow&, Endpoint&)) {
    std::vector<std::jthread> threads;
    for (auto i = first; i < end; ++i) {
      if (endpoints[i])
        threads.emplace_back(probe, std::ref(matrix_.rows[i]), std::ref(*endpoints[i]));
    }
  }

  Endpoint::Given const& given_;
  std::vector<Proxy> const& proxies_;
  Matrix& matrix_;
  bool any_failed_ = false;
};

void write_file(std::filesystem::path const& file, std::string const& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush())
    throw InputError(fmt::format("{} cannot be written: give another --out", file.string()));
}

void write_files(std::filesystem::path const& folder, Matrix const& matrix) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  write_file(folder / "proxy-matrix.md", matrix_markdown(matrix));
  auto const recorded = matrix_json(matrix);
  write_file(folder / "proxy-matrix.json", boost::json::serialize(recorded) + "\n");
  write_file(folder / "proxy-matrix.html", report::matrix_html(recorded));
}

}  // namespace

int conform_matrix(ConformFlags const& flags) {
  auto const proxies = chosen(flags.via);
  auto endpoint_flags = flags;
  endpoint_flags.via.clear();
  Endpoint::Given given;
  given.settings.slow = flags.slow;
  if (!flags.endpoint.empty()) given = conform_endpoint(endpoint_flags);
  if (flags.silence_s > 0) given.settings.proxy.idle_s = flags.silence_s;
  Matrix matrix;
  matrix.endpoint = flags.endpoint.empty() ? "a plain stream that gives no hints"
                    : flags.endpoint.find("://") == std::string::npos
                        ? "the target " + flags.endpoint
                        : flags.endpoint;
  matrix.strategy = given.strategy;
  matrix.started = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  matrix.limits = given.settings.proxy;
  conformance::Deadline::stop_when(interrupted);
  StatusLine status;
  Rows rows(given, proxies, matrix);
  rows.measure_all(status, flags.slow || flags.silence_s > 0);
  status.wipe();
  fmt::print("{}",
             flags.json ? boost::json::serialize(matrix_json(matrix)) + "\n" : matrix_text(matrix));
  if (!flags.out.empty()) write_files(flags.out, matrix);
  if (interrupted()) return 128 + interrupt_signal();
  return rows.any_failed() ? fell_short : 0;
}

}  // namespace pushlab::driver
