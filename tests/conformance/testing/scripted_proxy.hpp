#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// What a scripted proxy does wrong with one request.
struct ProxyFaults {
  double delay_s = 0;        // each piece of the answer comes so much later
  double gather_s = 0;       // what came within so many seconds comes at once
  bool late_by_one = false;  // a piece waits for the next one
  bool withhold = false;     // nothing comes before the origin has ended
  bool lazy = false;         // the origin is told that the client went when it writes the next time
  bool deaf = false;         // or never
  bool swallow = false;      // takes what the origin sends whether the client reads or not
  bool tidy = false;         // an origin that dies is an orderly end
  bool shared = false;       // a second request for the same target gets the first one's answer
  bool held = false;         // or none
  double repeat_s = 0;       // sends the request again after such a silence
  double idle_s = 0;         // ends a connection after such a silence
  int most = 0;              // connections at a time; more are refused with 503
  std::string refusal = {};  // the status line of all answers, the origin is not asked
  using Change = std::function<std::string(std::string)>;
  Change request = {};  // what becomes of the bytes
  Change answer = {};
};

// A plain HTTP/1.1 proxy on a free loopback port that forwards bytes and closes, one connection to
// the origin for each of its own. With faults it is what PROXY checks for.
class ScriptedProxy {
 public:
  using Choose = std::function<ProxyFaults(Asked const&)>;
  ScriptedProxy(int origin_port, Choose choose);
  ~ScriptedProxy() { stop(); }

  void stop() { stopping_ = true; }  // ends all connections, and new ones at once

  std::string url(std::string_view target = "/") const { return server_.url(target); }

 private:
  void relay(Peer& peer);

  int origin_port_;
  Choose choose_;
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;  // by target, of those that are shared
  std::atomic<int> open_ = 0;
  std::atomic<bool> stopping_ = false;
  ScriptedServer server_;  // last: its threads use the others
};

}  // namespace pushlab::conformance::testing
