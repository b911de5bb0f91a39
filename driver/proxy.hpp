#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "driver/target.hpp"

namespace pushlab::driver {

// A proxy that can stand between clients and a push server: a folder in scenarios/proxies with
// proxy.toml and a configuration for each flavour.
struct Proxy {
  std::string id;       // the folder's name
  std::string flavour;  // "default": as it comes; "tuned": as push needs it
  Target target;        // how it is started; its client address is where it listens
  std::string front;    // where clients go: "http://{client_listen}"
  std::string h2;       // HTTP/2 without TLS; empty: it has none
  std::string name() const { return id + ":" + flavour; }
};

std::vector<std::string> const& proxy_flavours();
// The proxies that are described, by id.
std::vector<std::string> proxy_ids();
// By "nginx" (tuned) or "nginx:default". Throws InputError.
Proxy read_proxy(std::string const& id_and_flavour);
// What ends TLS where set-ups with TLS are measured; none of the proxies that are compared.
Proxy read_terminator();
// As it is started before this origin, "host:port".
Target before_origin(Proxy const& proxy, std::string const& origin);

}  // namespace pushlab::driver
