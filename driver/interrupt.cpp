#include "driver/interrupt.hpp"

#include <csignal>

namespace pushlab::driver {
namespace {

volatile std::sig_atomic_t caught = 0;

void remember(int signal) {
  caught = signal;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = remember;  // no SA_RESTART: a wait has to notice
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return caught != 0;
}
int interrupt_signal() {
  return caught;
}

}  // namespace pushlab::driver
