#include "driver/conform_matrix.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "driver/commands.hpp"
#include "driver/conform_via.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/matrix_page.hpp"
#include "driver/status_line.hpp"
#include "driver/target_process.hpp"
#include "driver/target_version.hpp"
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

class Rows {
 public:
  Rows(Endpoint::Given const& given, std::vector<Proxy> const& proxies, Matrix& matrix)
      : given_(given), proxies_(proxies), matrix_(matrix) {
    matrix_.rows.push_back({.proxy = "direct", .version = "–"});
    for (auto const& proxy : proxies_) matrix_.rows.push_back(describe(proxy));
  }

  void measure_all(StatusLine& status) {
    for (std::size_t i = 0; i < matrix_.rows.size(); ++i) {
      auto& row = matrix_.rows[i];
      status.show(
          fmt::format("{} of {}: {} {}", i + 1, matrix_.rows.size(), row.proxy, row.flavour));
      if (auto endpoint = start(i)) measure(row, *endpoint);
    }
  }

  // All rows at once: it takes as long as the longest patience.
  void measure_all_idle(StatusLine& status) {
    std::vector<std::unique_ptr<Endpoint>> endpoints;
    for (std::size_t i = 0; i < matrix_.rows.size(); ++i) endpoints.push_back(start(i, false));
    status.show(fmt::format("silence, {:.0f} s", given_.settings.proxy.idle_s));
    for (auto const& endpoint : endpoints) {
      if (endpoint) endpoint->via().origin->begin();
    }
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
      if (endpoints[i])
        threads.emplace_back(
            [this, i, &endpoints] { measure_idle(matrix_.rows[i], *endpoints[i]); });
    }
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

  // The endpoint behind the proxy of this row, or null and the reason in the row.
  std::unique_ptr<Endpoint> start(std::size_t i, bool begin = true) {
    auto& row = matrix_.rows[i];
    if (row.not_run.empty() && interrupted()) row.not_run = "interrupted";
    if (!row.not_run.empty()) return nullptr;
    auto given = given_;
    try {
      if (i == 0)
        put_nothing_between(given);
      else
        put_between(proxies_[i - 1], given);
      if (begin) given.via->origin->begin();
      return std::make_unique<Endpoint>(std::move(given));
    } catch (TargetError const& error) {
      row.not_run = fmt::format("did not start: {}", error.what());
      any_failed_ = true;
      return nullptr;
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
  write_file(folder / "proxy-matrix.json", matrix_json(matrix));
  write_file(folder / "proxy-matrix.html", matrix_page(matrix));
}

}  // namespace

int conform_matrix(ConformFlags const& flags) {
  auto const proxies = chosen(flags.via);
  auto endpoint_flags = flags;
  endpoint_flags.via.clear();
  Endpoint::Given given;
  given.settings.slow = flags.slow;
  if (!flags.endpoint.empty()) given = conform_endpoint(endpoint_flags);
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
  rows.measure_all(status);
  if (flags.slow) rows.measure_all_idle(status);
  status.wipe();
  fmt::print("{}", flags.json ? matrix_json(matrix) : matrix_text(matrix));
  if (!flags.out.empty()) write_files(flags.out, matrix);
  return rows.any_failed() ? fell_short : 0;
}

}  // namespace pushlab::driver
