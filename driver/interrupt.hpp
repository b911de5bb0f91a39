#pragma once

namespace pushlab::driver {

// SIGINT and SIGTERM end the work in order instead of the program at once. Waits return early with
// EINTR; loops ask interrupted().
void catch_interrupts();
bool interrupted();
int interrupt_signal();  // 0: none came

}  // namespace pushlab::driver
