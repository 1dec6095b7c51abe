#include "scenarios/sweep/run_variants.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <thread>

namespace scenarios {
namespace {

// What the threads share.
class Queue {
 public:
  Queue(const std::vector<Variant>& variants, const RunOne& run,
        const std::function<void(const SweepProgress&)>& progress)
      : variants_(variants),
        run_(run),
        progress_(progress),
        shares_(variants.size()),
        results_(variants.size(), sim::Error{sim::Errc::canceled, "not run"}) {}

  // Runs variants until none is left.
  void work() {
    while (const auto next = take()) {
      RunHooks hooks;
      if (progress_) {
        hooks.progress = [this, i = *next](const RunProgress& run) { tell(i, run); };
      }
      auto result = run_(variants_[*next].scenario, hooks);
      finish(*next, std::move(result));
    }
  }

  std::vector<sim::Result<reports::Result>> take_results() { return std::move(results_); }

 private:
  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    return next_ < variants_.size() ? std::optional(next_++) : std::nullopt;
  }

  void tell(std::size_t variant, const RunProgress& run) {
    const std::lock_guard lock(mutex_);
    if (run.operations_total && *run.operations_total > 0) {
      shares_[variant] = std::min(1.0, static_cast<double>(run.operations_done) /
                                           static_cast<double>(*run.operations_total));
    }
    SweepProgress all;
    all.variants = variants_.size();
    all.done = done_;
    all.share = std::accumulate(shares_.begin(), shares_.end(), 0.0) /
                static_cast<double>(variants_.size());
    all.latest = variant;
    all.run = run;
    progress_(all);
  }

  void finish(std::size_t variant, sim::Result<reports::Result> result) {
    const std::lock_guard lock(mutex_);
    results_[variant] = std::move(result);
    shares_[variant] = 1;
    ++done_;
  }

  const std::vector<Variant>& variants_;
  const RunOne& run_;
  const std::function<void(const SweepProgress&)>& progress_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::vector<double> shares_;
  std::vector<sim::Result<reports::Result>> results_;
};

}  // namespace

std::vector<sim::Result<reports::Result>> run_variants(
    const std::vector<Variant>& variants, std::size_t jobs, const RunOne& run,
    const std::function<void(const SweepProgress&)>& progress) {
  Queue queue(variants, run, progress);
  const std::size_t others = std::min(jobs, variants.size()) - 1;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < others; ++i) {
    threads.emplace_back([&queue] { queue.work(); });
  }
  queue.work();
  for (std::thread& thread : threads) {
    thread.join();
  }
  return queue.take_results();
}

}  // namespace scenarios
