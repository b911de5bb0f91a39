#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pushlab::driver {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// The strategies that the load generator speaks.
std::vector<std::string> const& strategies();

// What a target file (scenarios/targets/<id>.toml) says about one push server: how it is started,
// what its clients open, how a notification is posted to it.
struct Target {
  struct Requirement {
    std::string program;  // either a program beside pushlab or on PATH ...
    std::string file;     // ... or a file
    std::string install;  // how to get it
  };
  struct File {
    std::string path;  // below the target's own directory {dir}
    std::string text;  // {dir}, {client_port}, {ingest_port}, {user} are filled in
  };
  enum class Ready { line, tcp, http };
  struct Start {
    std::vector<std::string> command;
    std::vector<Requirement> requirements;
    std::vector<File> files;
    Ready ready = Ready::line;
    std::string probe;  // "host:port" for tcp, a URL for http
    double deadline_s = 10;
    bool one_address = false;  // for clients and ingest; only of a server that prints no ready line
  };
  struct Client {
    std::string url;  // {client} is the base URL, {events} the names a client subscribes to
    Pairs headers;
    std::optional<double> poll_interval_s;
    std::optional<double> wait_s;
    std::string cursor;              // "json": our poll bodies; "etag": validators of the answer
    std::string event;               // how {events} writes one name: "topic={name}"
    std::string between;             // and what stands between two
    std::string subprotocol;         // of a WebSocket; empty: none is asked for
    std::vector<std::string> hello;  // messages that a WebSocket client sends first
    std::string welcome;             // how the message begins with which it stands
    Pairs replies;                   // messages that a WebSocket client answers
    unsigned qos = 0;                // of an MQTT subscription
  };
  struct Ingest {
    std::string protocol;  // "http" or "mqtt"
    std::string method;
    std::string url;  // {ingest} is the base URL, {name} the notification's name
    Pairs headers;
    std::string body;  // {notification} is the JSON object, {notification_text} it in a JSON string
  };

  std::string id;
  std::filesystem::path file;
  std::string title;
  std::string strategy;
  std::string description;
  bool third_party = false;
  std::optional<Start> start;  // absent: a server that somebody else runs
  Client client;
  Ingest ingest;
  std::vector<std::string> version_command;
};

class TomlTable;
// The table [start] of a target or a proxy. The text of a configuration file may be in a file in
// this folder, whose name `values` fill. Throws InputError.
Target::Start read_start(TomlTable table, std::filesystem::path const& folder,
                         Pairs const& values = {});

// Both throw InputError with file and line.
Target read_target(std::filesystem::path const& file);
Target parse_target(std::string_view text, std::filesystem::path const& file);

bool has_events(std::string_view strategy);  // that go to clients who wait for them
bool is_stream(std::string_view strategy);

// The client URL of our own servers for a strategy: "{client}/events?events={events}" ...
std::string strategy_url(std::string const& strategy);

// Fills {key} with its value; other braces stay as they are (configuration files are full of them).
std::string expand(std::string_view text, Pairs const& values);

// What the target needs and this machine has not; null when nothing is missing.
Target::Requirement const* missing(Target const& target);
// Why the target cannot be started here, with the install hint; empty when it can.
std::string why_not_installed(Target const& target);

}  // namespace pushlab::driver
