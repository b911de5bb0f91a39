// Stands in for libFuzzer where the compiler has none: runs the target over the seeds given on the
// command line and over a fixed number of random changes to them. No coverage, the same promises.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size);

namespace {

constexpr int changes_per_seed = 10'000;

void run(std::string const& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<unsigned char const*>(input.data()), input.size());
}

std::string changed(std::string input, std::mt19937& random) {
  for (auto n = random() % 4 + 1; n > 0; --n) {
    auto const at = input.empty() ? 0 : random() % input.size();
    switch (random() % 3) {
      case 0:
        input.insert(at, 1, static_cast<char>(random()));
        break;
      case 1:
        input.erase(at, random() % 4);
        break;
      default:
        if (!input.empty()) input[at] = static_cast<char>(random());
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937 random{1};
  int inputs = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file{argv[i], std::ios::binary};
    for (std::string line; std::getline(file, line, '\x1e');) {
      run(line);
      for (int n = 0; n < changes_per_seed; ++n, ++inputs) run(changed(line, random));
    }
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
