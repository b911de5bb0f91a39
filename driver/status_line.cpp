#include "driver/status_line.hpp"

#include <unistd.h>

#include <cstdio>

namespace pushlab::driver {

StatusLine::StatusLine() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

StatusLine::~StatusLine() {
  wipe();
}

void StatusLine::show(std::string const& text) {
  if (!on_terminal_) return;
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  shown_ = true;
}

void StatusLine::wipe() {
  if (!shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace pushlab::driver
