#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::server {

// What the rules know of a client.
struct Audience {
  bool authenticated = false;
  std::vector<std::string> roles;  // sorted, each once

  friend bool operator==(Audience const&, Audience const&) = default;
};

// Who may subscribe to which name. Immutable after start, read by every loop.
class AccessRules {
 public:
  struct Rule {
    std::string pattern;  // a name, or the beginning of names with `*` behind it
    enum class Who { everybody, authenticated, roles };
    Who who = Who::authenticated;
    std::vector<std::string> roles = {};  // one of them is enough; none: nobody
  };

  // Everybody may subscribe to everything.
  AccessRules() = default;

  // An exact name beats a pattern, a longer pattern a shorter one; a name that nothing matches is
  // for the authenticated.
  explicit AccessRules(std::vector<Rule> rules);

  bool allows(Audience const& audience, std::string_view name) const;

  // Whether anything at all is for everybody: if not, the anonymous can be turned away at once.
  bool any_for_everybody() const;

  // Whether everybody may have everything, so that nobody need be asked.
  bool is_open() const { return is_open_; }

 private:
  bool is_open_ = true;
  std::vector<Rule> rules_;  // in the order in which they are tried
};

}  // namespace pushlab::server
