#include "cachemodel/readahead.h"

#include <algorithm>

namespace cachemodel {
namespace {

// A read this near to the end of the last one still continues it (Lustre 2.17: 8 pages).
constexpr sim::Bytes kLoose = 32 * sim::kKiB;
// A run of equal jumps becomes a stride with the third segment, that is at the second equal jump.
constexpr std::uint32_t kStrideAfter = 2;

}  // namespace

bool ReadAhead::sequential(sim::Extent range) const {
  const sim::Bytes distance =
      range.begin > last_end_ ? range.begin - last_end_ : last_end_ - range.begin;
  return distance <= kLoose;
}

void ReadAhead::restart() {
  window_ = 0;
  consecutive_ = 1;
  fetched_until_ = 0;
}

// A jump ends a run: equal runs at equal distances are a stride.
void ReadAhead::detect_stride(sim::Extent range) {
  const sim::Bytes run = last_end_ - run_begin_;
  const bool forward = range.begin > run_begin_ && run > 0;
  const sim::Bytes length = forward ? range.begin - run_begin_ : 0;
  if (forward && run == stride_run_ && length == stride_length_) {
    ++stride_seen_;
  } else {
    stride_seen_ = forward ? 1 : 0;
    stride_run_ = run;
    stride_length_ = length;
  }
  if (stride_seen_ < kStrideAfter) {
    striding_ = false;
    restart();
  } else {
    striding_ = true;
    ++consecutive_;
  }
  run_begin_ = range.begin;
}

void ReadAhead::on_read(sim::Extent range, sim::Bytes file_size) {
  plan_begin_ = plan_end_ = 0;
  if (!options_.enabled || range.empty()) {
    return;
  }
  ++reads_;
  if (reads_ == 1 || sequential(range)) {
    ++consecutive_;
    if (reads_ == 1) {
      run_begin_ = range.begin;
      consecutive_ = range.begin <= kLoose ? 1 : 0;
    }
  } else {
    detect_stride(range);
  }
  last_end_ = range.end;
  plan(range, file_size);
}

void ReadAhead::plan(sim::Extent range, sim::Bytes file_size) {
  if (file_size <= options_.whole_file && reads_ >= 2) {
    plan_begin_ = std::max(fetched_until_, sim::Bytes{0});
    plan_end_ = file_size;
    fetched_until_ = file_size;
    return;
  }
  if (consecutive_ < 2) {
    return;
  }
  const sim::Bytes grown = window_ + options_.rpc_size;
  window_ = std::min(grown, options_.max_per_file) / options_.rpc_size * options_.rpc_size;
  window_ = std::max(window_, range.size());
  plan_begin_ = std::max(range.end, fetched_until_);
  if (striding_) {
    const sim::Bytes strides =
        std::max<sim::Bytes>(1, window_ / std::max<sim::Bytes>(1, stride_run_));
    plan_end_ = std::min(run_begin_ + (strides + 1) * stride_length_, file_size);
  } else {
    const sim::Bytes end = range.begin + window_;
    plan_end_ = end >= file_size ? file_size : end / options_.rpc_size * options_.rpc_size;
  }
  fetched_until_ = std::max(fetched_until_, plan_end_);
}

std::optional<sim::Extent> ReadAhead::next() {
  while (plan_begin_ < plan_end_) {
    const sim::Bytes boundary = (plan_begin_ / options_.rpc_size + 1) * options_.rpc_size;
    if (!striding_) {
      const sim::Extent chunk{plan_begin_, std::min(boundary, plan_end_)};
      plan_begin_ = chunk.end;
      return chunk;
    }
    const sim::Bytes within = (plan_begin_ - run_begin_) % stride_length_;
    if (within >= stride_run_) {
      plan_begin_ += stride_length_ - within;
      continue;
    }
    const sim::Extent chunk{plan_begin_, std::min(plan_begin_ + stride_run_ - within, plan_end_)};
    plan_begin_ = chunk.end;
    return chunk;
  }
  return std::nullopt;
}

void ReadAhead::on_miss() {
  window_ = 0;
  fetched_until_ = 0;
}

}  // namespace cachemodel
