#include "driver/proxy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "driver/nearest_name.hpp"
#include "driver/program_path.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

// What a proxy's files call the addresses of a target.
Pairs const addresses{{"listen", "{client_listen}"},
                      {"port", "{client_port}"},
                      {"h2_listen", "{ingest_listen}"},
                      {"h2_port", "{ingest_port}"},
                      {"host", "127.0.0.1"}};

void read_front(std::optional<TomlTable> table, Proxy& proxy) {
  proxy.front = "http://{listen}";
  if (table) {
    proxy.front = table->text("url", proxy.front);
    proxy.h2 = table->text("h2", "");
    table->finish();
  }
  proxy.front = expand(proxy.front, addresses);
  proxy.h2 = expand(proxy.h2, addresses);
}

std::vector<std::string> read_arguments(TomlTable& root, std::string const& flavour) {
  std::vector<std::string> arguments;
  for (auto const& name : proxy_flavours()) {
    auto table = root.table(name);
    if (!table) continue;
    auto words = table->texts("arguments");
    table->finish();
    if (name == flavour) arguments = std::move(words);
  }
  return arguments;
}

Proxy parse_proxy(fs::path const& file, std::string const& id, std::string const& flavour) {
  auto root = TomlTable::from_text(read_toml_text(file), file.string());
  Proxy proxy;
  proxy.id = id;
  proxy.flavour = flavour;
  auto& target = proxy.target;
  target.id = proxy.name();
  target.file = file;
  target.title = root.text("title");
  target.third_party = true;
  target.version_command = root.texts("version");
  if (auto start = root.table("start"))
    target.start = read_start(std::move(*start), file.parent_path(), {{"flavour", flavour}});
  else
    root.fail("start", "the table [start] is missing: say how the proxy is started");
  auto const arguments = read_arguments(root, flavour);
  auto& command = target.start->command;
  command.insert(command.end(), arguments.begin(), arguments.end());
  read_front(root.table("front"), proxy);
  root.finish();
  return proxy;
}

}  // namespace

std::vector<std::string> const& proxy_flavours() {
  static std::vector<std::string> const names{"default", "tuned"};
  return names;
}

std::vector<std::string> proxy_ids() {
  std::vector<std::string> ids;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(scenarios_folder() / "proxies", ignored)) {
    if (fs::is_regular_file(entry.path() / "proxy.toml"))
      ids.push_back(entry.path().filename().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Proxy read_proxy(std::string const& id_and_flavour) {
  auto const colon = id_and_flavour.find(':');
  auto const id = id_and_flavour.substr(0, colon);
  auto const flavour = colon == std::string::npos ? "tuned" : id_and_flavour.substr(colon + 1);
  auto const ids = proxy_ids();
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
    auto const nearest = nearest_name(id, ids);
    throw InputError(fmt::format("{} is no known proxy: {}", id,
                                 nearest.empty() ? fmt::format("there are {}", fmt::join(ids, ", "))
                                                 : fmt::format("did you mean {}?", nearest)));
  }
  auto const& flavours = proxy_flavours();
  if (std::find(flavours.begin(), flavours.end(), flavour) == flavours.end())
    throw InputError(fmt::format("{}: there is no flavour {}: give {}", id, flavour,
                                 fmt::join(flavours, " or ")));
  return parse_proxy(scenarios_folder() / "proxies" / id / "proxy.toml", id, flavour);
}

Proxy read_terminator() {
  return parse_proxy(scenarios_folder() / "terminator" / "proxy.toml", "terminator", "tuned");
}

Target before_origin(Proxy const& proxy, std::string const& origin) {
  auto const colon = origin.rfind(':');
  Pairs values = addresses;
  values.insert(values.end(), {{"origin", origin},
                               {"origin_host", origin.substr(0, colon)},
                               {"origin_port", origin.substr(colon + 1)}});
  auto target = proxy.target;
  for (auto& word : target.start->command) word = expand(word, values);
  for (auto& file : target.start->files) file.text = expand(file.text, values);
  target.start->probe = expand(target.start->probe, values);
  return target;
}

}  // namespace pushlab::driver
