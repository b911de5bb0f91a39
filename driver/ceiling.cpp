#include "driver/ceiling.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/json.hpp>

#include "driver/load_child.hpp"
#include "driver/process.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr unsigned most_clients = 10000;  // more take long to connect from one address
constexpr rlim_t other_files = 100;
constexpr std::chrono::seconds patience{30};

// Each takes a descriptor at the server and one at the null client.
unsigned clients_of(CeilingPlan const& plan) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  auto const room = files.rlim_cur > other_files ? files.rlim_cur - other_files : 1;
  return static_cast<unsigned>(std::min<rlim_t>({plan.clients, most_clients, room}));
}

// Its log without "pushlab: " and the line end is the reason.
std::string reason_in(fs::path const& log, ExitStatus const& status) {
  auto text = text_of(log);
  constexpr std::string_view prefix = "pushlab: ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "the null client gave no result, " + status.text() : text;
}

json::object measured(CeilingPlan const& plan) {
  auto const file = [&](char const* what) { return plan.folder / (plan.name + what); };
  TargetProcess server(
      plan.server,
      {file(".ceiling.files"), file(".ceiling.server.log"), plan.cores.server, {}, {}});
  auto const out = file(".ceiling.json");
  auto const log = file(".ceiling.log");
  Process client({{fs::read_symlink("/proc/self/exe").string(), "null-client", "--client-url",
                   server.client_base(), "--ingest-url", server.ingest_base(), "--server-pid",
                   std::to_string(server.pid()), "--clients", std::to_string(clients_of(plan)),
                   "--payload", std::to_string(plan.payload_bytes)},
                  {},
                  out,
                  log,
                  plan.cores.load});
  auto const status = client.wait(patience);
  if (!status) return {{"error", "the null client did not end in time"}};
  if (!status->ok()) return {{"error", reason_in(log, *status)}};
  auto result = json::parse(text_of(out)).as_object();
  server.stop();
  fs::remove_all(file(".ceiling.files"));
  for (auto const& written : {out, log}) fs::remove(written);
  return result;
}

}  // namespace

json::object measure_ceiling(CeilingPlan const& plan) {
  try {
    auto result = measured(plan);
    result["payload_bytes"] = plan.payload_bytes;
    return result;
  } catch (std::exception const& error) {
    return {{"payload_bytes", plan.payload_bytes}, {"error", error.what()}};
  }
}

}  // namespace pushlab::driver
