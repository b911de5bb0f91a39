#pragma once

#include <string>

namespace pushlab::driver {

// One line on stderr that is rewritten in place; silent unless stderr is a terminal.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine();  // wipes it
  StatusLine(StatusLine const&) = delete;
  StatusLine& operator=(StatusLine const&) = delete;

  void show(std::string const& text);
  void wipe();

 private:
  bool on_terminal_;
  bool shown_ = false;
};

}  // namespace pushlab::driver
