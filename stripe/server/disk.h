// One disk drive of an array: a head, a queue, and a scheduler.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/loop.h"
#include "sim/units.h"
#include "stripe/server/disk_mechanics.h"

namespace stripe {

// How a drive orders and serves its queue.
struct DiskQueueParams {
  // How many of the longest waiting pieces the drive chooses from; 1 is first come first served.
  // Default: SATA native command queueing, 32.
  std::uint32_t depth = 32;
  // A piece that has waited longer than this goes next, whatever the order (Linux mq-deadline,
  // read_expire: 500 ms). Without it, a stream running ahead of the head starves what lies behind.
  sim::Duration patience = sim::milliseconds(500);
  // Share of the drive's time that a rebuild takes, in percent below 100: every piece takes
  // 100 ÷ (100 - share) as long.
  std::uint32_t rebuild_percent = 0;
};

// A piece of a request, on one drive.
struct DiskPiece {
  sim::Extent range;
  // The old content is read first, and written one whole turn (or more, if the range is longer than
  // a track) after the reading began. What stands between is the computing of parity.
  bool rewrite = false;
};

// Who is told of the end of pieces; called from the loop.
struct DiskClient {
  void (*done)(DiskClient& client, sim::Duration service) = nullptr;
};

// Serves one piece at a time in C-LOOK order: upwards from the head, then again from the lowest.
class Disk {
 public:
  Disk(sim::Loop& loop, const DiskParams& params, const DiskQueueParams& queue);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // `client` must outlive the piece. At most one booking per call; done() may submit again.
  void submit(DiskPiece piece, DiskClient& client);

  // How long `piece` takes once it is its turn, with the head where it is now.
  sim::Duration service_time(const DiskPiece& piece) const;

  sim::Duration busy() const;    // worked up to now
  sim::Duration waited() const;  // spent waiting up to now, summed over the pieces

 private:
  struct Entry {
    DiskPiece piece;
    DiskClient* client;
    sim::TimePoint arrived;
  };
  struct Timer : sim::Callback {
    Disk* disk = nullptr;
  };
  static void piece_done(sim::Callback& timer);
  std::size_t choose() const;
  void serve_next();
  void count_waiting();

  sim::Loop& loop_;
  DiskParams params_;
  DiskQueueParams limits_;
  Timer timer_;
  bool serving_ = false;
  Entry current_{};
  sim::TimePoint end_;  // of the current piece
  sim::Duration service_;
  sim::Bytes head_ = 0;
  std::deque<Entry> queue_;  // in order of arrival
  sim::Duration booked_;
  sim::Duration waited_;
  sim::TimePoint counted_;  // waited_ is right up to here
};

}  // namespace stripe
