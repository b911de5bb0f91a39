#include "driver/target.hpp"

#include <fmt/format.h>

#include "driver/program_path.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {
namespace {

constexpr TomlTable::Range seconds{0.001, 3600};

// {here} in a target file is the folder that it lies in.
Pairs here(std::filesystem::path const& folder) {
  namespace fs = std::filesystem;
  auto const absolute = folder.empty() ? fs::current_path() : fs::absolute(folder);
  return {{"here", absolute.lexically_normal().string()}};
}

std::vector<std::string> expanded(std::vector<std::string> texts, Pairs const& values) {
  for (auto& text : texts) text = expand(text, values);
  return texts;
}

Target::Requirement read_requirement(TomlTable table, Pairs const& values) {
  Target::Requirement requirement;
  requirement.program = expand(table.text("program", ""), values);
  requirement.file = expand(table.text("file", ""), values);
  requirement.install = table.text("install", "");
  if (requirement.program.empty() == requirement.file.empty())
    table.fail("program", "a requirement names one program or one file: give one of the two");
  table.finish();
  return requirement;
}

Target::File read_config_file(TomlTable table, std::filesystem::path const& folder,
                              Pairs const& values) {
  Target::File file{table.text("path"), {}};
  if (table.has("template"))
    file.text = read_toml_text(folder / expand(table.text("template"), values));
  else
    file.text = table.text("text");
  if (file.path.starts_with('/') || file.path.find("..") != std::string::npos)
    table.fail("path", fmt::format("path is \"{}\": give a path below {{dir}}", file.path));
  table.finish();
  return file;
}

void read_ready(TomlTable& start_table, Target::Start& start) {
  if (!start_table.has_table("ready")) {
    start_table.one_of("ready", {"line"}, "line");
    return;
  }
  auto ready = *start_table.table("ready");
  bool const by_tcp = ready.has("tcp");
  if (by_tcp == ready.has("http"))
    start_table.fail("ready",
                     "ready has no single probe: give {tcp = \"host:port\"} or {http = URL}");
  start.ready = by_tcp ? Target::Ready::tcp : Target::Ready::http;
  start.probe = ready.text(by_tcp ? "tcp" : "http");
  ready.finish();
}

// What a client says beside listening. A key that its strategy has no use for is an error.
void read_talk(TomlTable& table, std::string const& strategy, Target::Client& client) {
  auto const used = [&](char const* key, std::string_view user) {
    if (strategy == user || !table.has(key)) return strategy == user;
    table.fail(key,
               fmt::format("client.{} does nothing for the strategy {}: remove it", key, strategy));
  };
  if (used("subprotocol", "websocket")) client.subprotocol = table.text("subprotocol", "");
  if (used("hello", "websocket")) client.hello = table.texts("hello");
  if (used("welcome", "websocket")) client.welcome = table.text("welcome", "");
  if (used("replies", "websocket")) client.replies = table.pairs("replies");
  if (used("qos", "mqtt")) client.qos = static_cast<unsigned>(table.whole("qos", {0, 1}, 0));
}

Target::Client read_client(std::optional<TomlTable> table, std::string const& strategy) {
  Target::Client client;
  client.url = strategy_url(strategy);
  client.cursor = "json";
  client.event = "{name}";
  client.between = ",";
  if (strategy == "mqtt") client.subprotocol = "mqtt";
  if (!table) return client;
  client.url = table->text("url", client.url);
  client.headers = table->pairs("headers");
  client.poll_interval_s = table->maybe_number("poll_interval_s", seconds);
  client.wait_s = table->maybe_number("wait_s", seconds);
  client.cursor = table->one_of("cursor", {"json", "etag"}, "json");
  client.event = table->text("event", client.event);
  client.between = table->text("between", client.between);
  if (client.event.find("{name}") == std::string::npos)
    table->fail("event", "client.event does not carry the name: put {name} into it");
  read_talk(*table, strategy, client);
  table->finish();
  return client;
}

Target::Ingest read_ingest(std::optional<TomlTable> table, std::string const& strategy) {
  Target::Ingest ingest{
      "http", "POST", "{ingest}/notify", {{"Content-Type", "application/json"}}, "{notification}"};
  if (strategy == "mqtt") ingest.protocol = "mqtt";
  if (table) ingest.protocol = table->one_of("protocol", {"http", "mqtt"}, ingest.protocol);
  bool const by_http = ingest.protocol == "http";
  if (!by_http) ingest.url = "{ingest}";
  if (!table) return ingest;
  if (by_http) ingest.method = table->text("method", ingest.method);
  ingest.url = table->text("url", ingest.url);
  if (by_http && table->has("headers")) ingest.headers = table->pairs("headers");
  ingest.body = table->text("body", ingest.body);
  if (ingest.body.find("{notification}") == std::string::npos &&
      ingest.body.find("{notification_text}") == std::string::npos)
    table->fail("body", "ingest.body does not carry the notification: put {notification} into it");
  table->finish();
  return ingest;
}

}  // namespace

Target::Start read_start(TomlTable table, std::filesystem::path const& folder,
                         Pairs const& values) {
  Target::Start start;
  auto const places = here(folder);
  start.command = expanded(table.texts("command"), places);
  if (start.command.empty())
    table.fail("command",
               "the key start.command is missing: give [\"program\", \"argument\", ...]");
  for (auto& requirement : table.tables("requires"))
    start.requirements.push_back(read_requirement(std::move(requirement), places));
  for (auto& file : table.tables("files"))
    start.files.push_back(read_config_file(std::move(file), folder, values));
  read_ready(table, start);
  start.deadline_s = table.number("deadline_s", seconds, 10);
  start.one_address = table.flag("one_address", false);
  if (start.one_address && start.ready == Target::Ready::line)
    table.fail("one_address", "a ready line tells both addresses: leave one_address out");
  table.finish();
  return start;
}

std::vector<std::string> const& strategies() {
  static std::vector<std::string> const names{"sse",       "websocket",  "mqtt",
                                              "long-poll", "short-poll", "reload"};
  return names;
}

bool has_events(std::string_view strategy) {
  return strategy != "short-poll" && strategy != "reload";
}

bool is_stream(std::string_view strategy) {
  return has_events(strategy) && strategy != "long-poll";
}

Target parse_target(std::string_view text, std::filesystem::path const& file) {
  auto root = TomlTable::from_text(text, file.string());
  Target target;
  target.id = file.stem().string();
  target.file = file;
  target.title = root.text("title");
  target.strategy = root.one_of("strategy", strategies());
  target.description = root.text("description", "");
  target.third_party = root.flag("third_party", false);
  if (auto start = root.table("start"))
    target.start = read_start(std::move(*start), file.parent_path());
  target.client = read_client(root.table("client"), target.strategy);
  target.ingest = read_ingest(root.table("ingest"), target.strategy);
  target.version_command = expanded(root.texts("version"), here(file.parent_path()));
  root.finish();
  return target;
}

Target read_target(std::filesystem::path const& file) {
  return parse_target(read_toml_text(file), file);
}

std::string strategy_url(std::string const& strategy) {
  if (strategy == "sse") return "{client}/events?events={events}";
  if (strategy == "websocket") return "{client}/ws?events={events}";
  if (strategy == "mqtt") return "{client}/mqtt";
  if (strategy == "reload") return "{client}/snapshot?events={events}";
  return "{client}/poll?events={events}";
}

std::string expand(std::string_view text, Pairs const& values) {
  std::string result;
  while (!text.empty()) {
    auto const match = [&]() -> std::pair<std::string, std::string> const* {
      for (auto const& pair : values) {
        if (text.starts_with("{" + pair.first + "}")) return &pair;
      }
      return nullptr;
    }();
    if (match) {
      result += match->second;
      text.remove_prefix(match->first.size() + 2);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

Target::Requirement const* missing(Target const& target) {
  if (!target.start) return nullptr;
  for (auto const& requirement : target.start->requirements) {
    bool const there = requirement.program.empty() ? std::filesystem::exists(requirement.file)
                                                   : !program_path(requirement.program).empty();
    if (!there) return &requirement;
  }
  return nullptr;
}

std::string why_not_installed(Target const& target) {
  if (!target.start) return {};
  if (auto const* one = missing(target))
    return fmt::format("{} is not installed: {}", one->program.empty() ? one->file : one->program,
                       one->install);
  auto const& program = target.start->command.front();
  if (program_path(program).empty())
    return fmt::format("{} is not installed: {}", program,
                       target.third_party ? "put it on PATH" : "build it beside pushlab");
  return {};
}

}  // namespace pushlab::driver
