#include "report/gate_files.hpp"

#include "report/gate_benchmarks.hpp"
#include "report/gate_junit.hpp"
#include "report/gate_markdown.hpp"
#include "report/gate_openmetrics.hpp"
#include "report/gate_page.hpp"

namespace pushlab::report {

std::vector<File> gate_files(results::GateReport const& report) {
  return {{"junit.xml", gate_junit(report)},
          {"summary.md", gate_markdown(report)},
          {"metrics.txt", gate_openmetrics(report)},
          {"benchmark-action.json", gate_benchmark_action(report)},
          {"bencher.json", gate_bencher(report)},
          {"report.html", gate_page(report)}};
}

}  // namespace pushlab::report
