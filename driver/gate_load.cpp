#include "driver/gate_load.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/load_child.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

template <class Value>
void add(std::vector<std::string>& words, char const* flag, Value const& value) {
  words.emplace_back(flag);
  words.push_back(fmt::format("{}", value));
}

std::vector<std::string> command_of(GateFile const& gate, Target const& target,
                                    TargetProcess const& server) {
  std::vector<std::string> words{fs::read_symlink("/proc/self/exe").string(), "load", "--json"};
  add(words, "--target", fs::absolute(target.file).string());
  add(words, "--client-url", server.client_base());
  add(words, "--ingest-url", server.ingest_base());
  add(words, "--payload", gate.payload_bytes);
  add(words, "--wait", gate.wait_s);
  return words;
}

std::optional<json::object> object_in(fs::path const& file) {
  boost::system::error_code error;
  auto value = json::parse(text_of(file), error);
  if (error || !value.is_object()) return {};
  return std::move(value.as_object());
}

}  // namespace

GateLoad::GateLoad(std::vector<std::string> command, unsigned clients, Place const& place)
    : clients_(clients),
      out_(place.folder / (place.name + ".json")),
      log_(place.folder / (place.name + ".log")),
      phases_(place.folder / (place.name + ".phases")) {
  add(command, "--phases", phases_.string());
  process_ = std::make_unique<Process>(SpawnPlan{std::move(command), {}, out_, log_, place.cores});
}

GateLoad GateLoad::events(GateFile const& gate, Target const& target, TargetProcess const& server,
                          unsigned side, std::uint64_t seed, std::int64_t start_at_ns,
                          Place const& place) {
  auto words = command_of(gate, target, server);
  add(words, "--clients", gate.clients);
  add(words, "--arrivals", "paired");
  add(words, "--rate", gate.pairs_per_s);
  add(words, "--pair-side", side);
  add(words, "--start-at", start_at_ns);
  add(words, "--seed", seed);
  add(words, "--settle", 0.05);
  add(words, "--warmup", gate.warmup_s);
  add(words, "--duration", gate.measure_s);
  add(words, "--drain", gate.drain_s);
  add(words, "--server-pid", server.pid());
  return {std::move(words), gate.clients, place};
}

GateLoad GateLoad::crowd(GateFile const& gate, Target const& target, TargetProcess const& server,
                         Place const& place) {
  auto words = command_of(gate, target, server);
  add(words, "--clients", gate.crowd);
  add(words, "--rate", 1);
  add(words, "--settle", 60);
  add(words, "--duration", 0.1);
  return {std::move(words), gate.crowd, place};
}

bool GateLoad::stood() const {
  return text_of(phases_).find("settling") != std::string::npos;
}

bool GateLoad::await_connected(std::chrono::milliseconds deadline) {
  auto const end = std::chrono::steady_clock::now() + deadline;
  while (std::chrono::steady_clock::now() < end) {
    if (stood()) return true;
    if (process_->wait(std::chrono::milliseconds(2))) return false;
  }
  return false;
}

std::optional<json::object> GateLoad::result(std::chrono::milliseconds deadline,
                                             std::string& trouble) {
  auto const status = process_->wait(deadline);
  if (!status) {
    stop();
    trouble = "the load generator did not end in time";
    return {};
  }
  if (auto object = object_in(out_)) return object;
  trouble =
      fmt::format("the load generator gave no result, {}{}", status->text(), last_lines(log_, 3));
  return {};
}

std::uint64_t GateLoad::refused() const {
  if (auto const load = object_in(out_))
    return load->at("connect_failures").to_number<std::uint64_t>();
  return stood() ? 0 : clients_;
}

void GateLoad::stop() {
  process_->stop(std::chrono::seconds(2));
}

}  // namespace pushlab::driver
