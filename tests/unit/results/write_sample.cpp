// Writes the generated sample result: write_sample > results/reference/result.json
#include <iostream>

#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

int main() {
  auto result = pushlab::sample::result({}, pushlab::sample::five_targets());
  pushlab::results::summarise(result);
  std::cout << boost::json::serialize(result) << '\n';
}
