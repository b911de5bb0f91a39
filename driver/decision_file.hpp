#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "driver/scenario.hpp"

namespace pushlab::driver {

// A scenario of several experiments, for questions that no single workload answers; every key is
// explained in scenarios/README.md.
struct DecisionFile {
  struct Experiment {
    std::string name;
    std::string question;
    std::string compression;  // why its time may be compressed; empty: it is not
    Scenario scenario;
    Scenario quick;
  };
  struct Conformance {
    std::string target;
    std::vector<std::string> cases;
    bool tls = false;  // over TLS and HTTP/2
  };

  std::string name;
  std::filesystem::path file;
  std::string text;
  std::string title;
  std::string question;
  std::filesystem::path claims;
  std::filesystem::path prices;
  bool matrix = false;   // measure the proxies, too
  double silence_s = 0;  // and how long they bear silence; not in a quick run
  // So long a full run measures what claims leave undecided; none where it takes as long anyway.
  double extend_until_s = 0;
  std::vector<Experiment> experiments;
  std::vector<Conformance> conformance;
};

// Whether the file holds experiments instead of a workload. Throws InputError.
bool is_decision_file(std::filesystem::path const& file);

// Throws InputError with file and line, also for the scenarios that it names.
DecisionFile read_decision_file(std::filesystem::path const& file);

}  // namespace pushlab::driver
