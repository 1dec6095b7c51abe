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
      range.begin > last_.end ? range.begin - last_.end : last_.end - range.begin;
  return distance <= kLoose;
}

// Whether `offset` was handed out for the present window.
bool ReadAhead::in_window(sim::Bytes offset) const {
  if (offset < last_.begin || offset >= fetched_until_) {
    return false;
  }
  return !striding_ ||
         (offset >= run_begin_ && (offset - run_begin_) % stride_length_ < stride_run_);
}

void ReadAhead::restart(std::uint32_t consecutive) {
  window_ = 0;
  consecutive_ = consecutive;
  fetched_until_ = 0;
}

// A jump ends a run: equal runs at equal distances are a stride.
void ReadAhead::detect_stride(sim::Extent range) {
  const sim::Bytes run = last_.end > run_begin_ ? last_.end - run_begin_ : 0;
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
    restart(1);
  } else {
    striding_ = true;
    ++consecutive_;
  }
  run_begin_ = range.begin;
}

// A run that goes on where the stride has its gap is an ordinary sequential one.
void ReadAhead::leave_stride(sim::Extent range) {
  if (striding_ && (range.begin < run_begin_ || range.end > run_begin_ + stride_run_)) {
    striding_ = false;
    stride_seen_ = 0;
    restart(1);
  }
}

void ReadAhead::on_read(sim::Extent range, sim::Bytes file_size, sim::Bytes missing) {
  plan_begin_ = plan_end_ = 0;
  if (!options_.enabled || range.empty()) {
    return;
  }
  const bool lost = in_window(missing);
  ++reads_;
  if (reads_ == 1) {
    run_begin_ = range.begin;
    consecutive_ = range.begin <= kLoose ? 1 : 0;
  } else if (sequential(range)) {
    ++consecutive_;
    leave_stride(range);
  } else {
    detect_stride(range);
  }
  last_ = range;
  if (lost) {
    restart(0);
  } else {
    plan(range, file_size);
  }
}

void ReadAhead::plan(sim::Extent range, sim::Bytes file_size) {
  if (file_size <= options_.whole_file && reads_ >= 2) {
    plan_begin_ = fetched_until_;
    plan_end_ = file_size;
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
}

ReadAhead::Ahead ReadAhead::hand_out(sim::Bytes end) {
  const sim::Extent chunk{plan_begin_, std::min(end, plan_end_)};
  plan_begin_ = chunk.end;
  fetched_until_ = std::max(fetched_until_, chunk.end);
  // The plan goes by RPCs, so the first of it ends where the read's own RPC would.
  return {chunk, !striding_ && chunk.begin == last_.end && chunk.begin % options_.rpc_size != 0};
}

std::optional<ReadAhead::Ahead> ReadAhead::next() {
  while (plan_begin_ < plan_end_) {
    if (!striding_) {
      return hand_out((plan_begin_ / options_.rpc_size + 1) * options_.rpc_size);
    }
    const sim::Bytes within = (plan_begin_ - run_begin_) % stride_length_;
    if (within < stride_run_) {
      return hand_out(plan_begin_ + stride_run_ - within);
    }
    plan_begin_ += stride_length_ - within;
  }
  return std::nullopt;
}

void ReadAhead::refuse(const Ahead& ahead) {
  plan_end_ = plan_begin_;
  fetched_until_ = std::min(fetched_until_, ahead.extent.begin);
}

}  // namespace cachemodel
