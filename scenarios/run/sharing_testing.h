// Clients of one design that share files on a small cluster, driven by hand.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "scenarios/run/small_cluster.h"

namespace scenarios {

class SharingClients : public ::testing::Test {
 public:
  explicit SharingClients(stripe::Coherence coherence) { design_.coherence = coherence; }

  // The next client.
  stripe::Mount& mount() {
    opened_at_ = loop().now();
    return cluster_.mount(design_);
  }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  sim::Loop& loop() { return cluster_.loop(); }
  // When the last client was made.
  sim::TimePoint opened_at() const { return opened_at_; }
  // Requests of this kind that were delivered.
  std::uint64_t sent(transport::Opcode opcode) const { return cluster_.requests(opcode); }

  // Who wrote what `file` reads as in `range`.
  static sim::Task<std::vector<Written>> read(stripe::File& file, sim::Extent range) {
    const stripe::Outcome outcome = co_await file.read(range);
    EXPECT_EQ(outcome.status, sim::Errc::ok);
    co_return writers_of(file, range.begin, outcome.data);
  }
  // The write's stamp.
  static sim::Task<std::uint64_t> write(stripe::File& file, sim::Extent range) {
    const stripe::Outcome outcome = co_await file.write(range);
    EXPECT_EQ(outcome.status, sim::Errc::ok);
    EXPECT_EQ(outcome.bytes, range.size());
    co_return file.last_stamp().value;
  }

 protected:
  stripe::ClientDesign design_;
  SmallCluster cluster_;

 private:
  sim::TimePoint opened_at_;
};

}  // namespace scenarios
