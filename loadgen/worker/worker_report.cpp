#include "loadgen/worker/worker_report.hpp"

#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace pushlab::loadgen {

namespace {

class Writer {
 public:
  template <class T>
  void operator()(T const& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    append(&value, sizeof value);
  }
  template <class T>
  void operator()(std::vector<T> const& values) {
    (*this)(std::uint64_t{values.size()});
    if constexpr (std::is_trivially_copyable_v<T>) {
      append(values.data(), values.size() * sizeof(T));
    } else {
      for (auto const& value : values) (*this)(value);
    }
  }
  void operator()(Histogram const& histogram) {
    (*this)(histogram.counts());
    (*this)(histogram.undelivered());
    (*this)(histogram.min());
    (*this)(histogram.max());
  }
  void operator()(EventTrace const& trace) {
    (*this)(trace.delivered);
    (*this)(trace.samples);
  }

  std::vector<char> bytes;

 private:
  void append(void const* data, std::size_t size) {
    auto const* const from = static_cast<char const*>(data);
    bytes.insert(bytes.end(), from, from + size);
  }
};

class Reader {
 public:
  explicit Reader(std::vector<char> const& bytes) : bytes_(bytes) {}

  template <class T>
  void operator()(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    take(&value, sizeof value);
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    if (size > bytes_.size()) throw std::out_of_range("a worker's report is cut");
    values.resize(size);
    if constexpr (std::is_trivially_copyable_v<T>) {
      take(values.data(), size * sizeof(T));
    } else {
      for (auto& value : values) (*this)(value);
    }
  }
  void operator()(Histogram& histogram) {
    std::vector<std::uint64_t> counts;
    std::uint64_t undelivered = 0;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    (*this)(counts);
    (*this)(undelivered);
    (*this)(min);
    (*this)(max);
    histogram = Histogram::from_counts(std::move(counts), undelivered, min, max);
  }
  void operator()(EventTrace& trace) {
    (*this)(trace.delivered);
    (*this)(trace.samples);
  }

 private:
  void take(void* data, std::size_t size) {
    if (size > bytes_.size() - at_) throw std::out_of_range("a worker's report is cut");
    if (size > 0) std::memcpy(data, bytes_.data() + at_, size);
    at_ += size;
  }

  std::vector<char> const& bytes_;
  std::size_t at_ = 0;
};

template <class Report, class Visit>
void visit_all(Report& report, Visit& visit) {
  visit(report.total);
  visit(report.measured);
  visit(report.counts);
  visit(report.publish);
  visit(report.recovery.after_ns);
  visit(report.recovery.down_ns);
  visit(report.recovery.up_ns);
  visit(report.recovery.attempts);
  visit(report.recovery.failed_attempts);
  visit(report.recovery.snapshots);
  visit(report.measured_ns);
  visit(report.cpu_ns);
  visit(report.stale_ns);
  visit(report.wire);
  visit(report.system);
  visit(report.loop_delay);
  visit(report.connect);
  visit(report.comeback);
  visit(report.latency);
  visit(report.latency_from_send);
  visit(report.seconds);
  visit(report.traces);
}

}  // namespace

std::vector<char> to_bytes(WorkerReport const& report) {
  Writer writer;
  visit_all(report, writer);
  return std::move(writer.bytes);
}

WorkerReport from_bytes(std::vector<char> const& bytes) {
  WorkerReport report;
  Reader reader(bytes);
  visit_all(report, reader);
  return report;
}

}  // namespace pushlab::loadgen
