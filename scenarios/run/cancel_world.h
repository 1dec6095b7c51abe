// Two clients of a small cluster, in either world, of which one is stopped in the middle of what it
// does. Then nothing may be lost and everybody else must go on.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "scenarios/cluster/cluster.h"
#include "scenarios/run/small_cluster.h"
#include "stripe/client/mount.h"

namespace scenarios {

// The network as one client sees it; calls `at` from the loop once `limit` messages have been sent
// or received.
class CountingNetwork final : public transport::Network, transport::Receiver, sim::Callback {
 public:
  CountingNetwork(sim::Loop& loop, transport::Network& below) : loop_(loop), below_(below) {
    fire = [](sim::Callback& self) { static_cast<CountingNetwork&>(self).at_(); };
  }
  ~CountingNetwork() override {
    if (posted_) {
      loop_.cancel(posted_at_, *this);
    }
  }
  void call(std::function<void()> at, std::uint64_t limit) {
    at_ = [this, at = std::move(at)] {
      posted_ = false;
      at();
    };
    limit_ = limit;
    count_ = 0;
    check();
  }

  void attach(transport::Address address, transport::Receiver& receiver) override {
    receiver_ = &receiver;
    below_.attach(address, *this);
  }
  void detach(transport::Address address) override { below_.detach(address); }
  void send(transport::MessagePtr message) override {
    below_.send(std::move(message));
    ++count_;
    check();
  }

 private:
  void receive(transport::MessagePtr message) override {
    receiver_->receive(std::move(message));
    ++count_;
    check();
  }
  void disconnected(transport::NodeId peer) override { receiver_->disconnected(peer); }
  void check() {
    if (at_ && count_ == limit_ && !posted_) {
      posted_ = true;
      posted_at_ = loop_.now();
      loop_.post(*this);
    }
  }

  sim::Loop& loop_;
  transport::Network& below_;
  transport::Receiver* receiver_ = nullptr;
  std::function<void()> at_;
  std::uint64_t limit_ = 0;
  std::uint64_t count_ = 0;
  sim::TimePoint posted_at_;
  bool posted_ = false;
};

class CancelWorld {
 public:
  explicit CancelWorld(std::unique_ptr<WorldModel> world);

  sim::Loop& loop() { return world_->loop(); }
  CountingNetwork& network_of_first() { return counting_; }
  // Makes the second client's file and starts the first client's script.
  void begin();
  // The first client's script has come to its end.
  bool finished() const { return script_.size() == 0; }
  // Cancels what the first client does.
  void cancel() { script_.cancel_all(); }
  // Takes the first client away altogether.
  void unmount() {
    cancel();
    first_.reset();
  }
  // Waits until the clients and servers are quiet, at most for `steps` sleeps of `step`. Then
  // checks that nothing is lost, and that both clients can do what they could before.
  void check(sim::Duration step, int steps);
  // Until `stopped` is set or the script has ended, then as check(). For worlds that cannot be
  // stepped.
  void check_after(sim::Event& stopped, sim::Duration step, int steps);

 private:
  std::unique_ptr<stripe::Mount> mount(const char* name, std::uint32_t client,
                                       transport::Network& network);
  void run(sim::Task<void> task);
  bool quiet() const;
  void expect_nothing_lost(stripe::Mount& mount) const;
  sim::Task<void> check_all(sim::Event* stopped, sim::Duration step, int steps);
  sim::Task<void> write_and_read(stripe::Mount& writer, const char* path);
  sim::Task<void> make_theirs();
  sim::Task<void> read_theirs();

  std::unique_ptr<WorldModel> world_;
  stripe::ClientDesign design_;
  std::unique_ptr<Cluster> cluster_;
  CountingNetwork counting_;
  std::unique_ptr<stripe::Mount> first_;
  std::unique_ptr<stripe::Mount> second_;
  std::uint64_t their_writer_ = 0;
  sim::TaskGroup script_;
};

}  // namespace scenarios
