#include "stripe/server/disk.h"

#include <algorithm>

namespace stripe {

Disk::Disk(sim::Loop& loop, const DiskParams& params, const DiskQueueParams& queue)
    : loop_(loop), params_(params), limits_(queue) {
  timer_.fire = &Disk::piece_done;
  timer_.disk = this;
}

Disk::~Disk() {
  if (serving_) {
    loop_.cancel(end_, timer_);
  }
}

void Disk::submit(DiskPiece piece, DiskClient& client) {
  count_waiting();
  queue_.push_back({piece, &client, loop_.now()});
  if (!serving_) {
    serve_next();
  }
}

sim::Duration Disk::service_time(const DiskPiece& piece) const {
  const sim::Duration transfer = transfer_time(params_, piece.range);
  sim::Duration time = positioning_time(params_, head_, piece.range.begin) + transfer;
  if (piece.rewrite) {
    const std::int64_t turn = rotation(params_).ns();
    time += sim::Duration((transfer.ns() + turn - 1) / turn * turn);
  }
  const std::int64_t share = 100 - std::int64_t{limits_.rebuild_percent};
  return sim::Duration((time.ns() * 100 + share - 1) / share);
}

std::size_t Disk::choose() const {
  if (loop_.now() - queue_.front().arrived > limits_.patience) {
    return 0;
  }
  const std::size_t window = std::min<std::size_t>(limits_.depth, queue_.size());
  // Those behind the head count as beyond the end of the drive; the first of equals wins.
  const auto key = [&](std::size_t i) {
    const sim::Bytes begin = queue_[i].piece.range.begin;
    return std::pair(begin < head_, begin);
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < window; ++i) {
    best = key(i) < key(best) ? i : best;
  }
  return best;
}

void Disk::serve_next() {
  const auto chosen = queue_.begin() + static_cast<std::ptrdiff_t>(choose());
  current_ = *chosen;
  queue_.erase(chosen);
  service_ = service_time(current_.piece);
  head_ = current_.piece.range.end;
  booked_ += service_;
  end_ = loop_.now() + service_;
  serving_ = true;
  loop_.at(end_, timer_);
}

void Disk::piece_done(sim::Callback& timer) {
  Disk& disk = *static_cast<Timer&>(timer).disk;
  // serving_ stays set, so that what done() submits waits for its turn.
  disk.current_.client->done(*disk.current_.client, disk.service_);
  disk.count_waiting();
  disk.serving_ = false;
  if (!disk.queue_.empty()) {
    disk.serve_next();
  }
}

void Disk::count_waiting() {
  waited_ = waited();
  counted_ = loop_.now();
}

sim::Duration Disk::waited() const {
  return waited_ + (loop_.now() - counted_) * static_cast<std::int64_t>(queue_.size());
}

sim::Duration Disk::busy() const { return serving_ ? booked_ - (end_ - loop_.now()) : booked_; }

}  // namespace stripe
