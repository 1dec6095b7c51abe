// What stores put their data on: something that takes time for reading and writing at a place.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/units.h"
#include "sim/wait.h"

namespace stripe {

enum class DeviceOp : std::uint8_t { read, write, flush };

// Where the time of one visit to a device went; the two add up to the time it took.
struct DeviceVisit {
  sim::Duration queue;
  sim::Duration service;
};

// One part of a device that can be the limit ("ost0.disk3"), counted since the beginning.
struct DeviceUse {
  std::string name;
  std::uint32_t servers = 1;
  sim::Duration busy;    // worked up to now, summed over the servers
  sim::Duration waited;  // mean queue length over a period = its growth ÷ the period
};

// Places on a device, or in an object, in order.
using ExtentList = boost::container::small_vector<sim::Extent, 4>;

// A model of a device. It carries no data. Visits may overlap; each device says how it queues.
// The device must outlive every visit to it.
class Device {
 public:
  class Io;

  Device(sim::Loop& loop, std::string name)
      : loop_(loop), name_(std::move(name)), waiting_(loop, name_) {}
  virtual ~Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  // `DeviceVisit v = co_await device.io(kind, parts)`: one request for all of `parts`, byte ranges
  // of the device, none empty and none behind capacity(). It is done when its last part is, and
  // the visit tells of that part. `parts` must live until then. Destroying the wait stops the
  // waiting, not the work.
  Io io(DeviceOp kind, std::span<const sim::Extent> parts);
  Io io(DeviceOp kind, sim::Extent part);
  // Waits until all that was accepted before is stable.
  Io flush();

  // False if no visit ever takes time, so that nobody needs to work out where things stand.
  virtual bool takes_time() const { return true; }
  virtual sim::Bytes capacity() const = 0;
  virtual std::vector<DeviceUse> use() const = 0;
  const std::string& name() const { return name_; }

 protected:
  // Takes the request. True if it is done already and took no time; else io.finish_at() is to be
  // called, now or later.
  virtual bool start(Io& io) = 0;
  // Nobody waits for this request any more, and `io` goes away. Only for requests that start() kept
  // and finish_at() was not yet called for.
  virtual void forget(Io& /*io*/) {}

  sim::Loop& loop_;

 private:
  std::string name_;
  sim::WaitQueue<Io> waiting_;  // whose end is not known yet
};

// The wait for one request; it stands in the frame of the coroutine that waits.
class Device::Io : public sim::Waiter, public sim::ListNode {
 public:
  Io(Device& device, DeviceOp kind, std::span<const sim::Extent> parts)
      : Waiter(device.loop_), kind_(kind), parts_(parts), device_(device) {}
  Io(Device& device, DeviceOp kind, sim::Extent part)
      : Waiter(device.loop_), kind_(kind), one_(part), parts_(&one_, 1), device_(device) {}
  ~Io();
  Io(const Io&) = delete;
  Io& operator=(const Io&) = delete;

  bool await_ready() { return device_.start(*this); }
  void await_suspend(std::coroutine_handle<> h);
  DeviceVisit await_resume();

  // For the models.
  DeviceOp kind() const { return kind_; }
  std::span<const sim::Extent> parts() const { return parts_; }
  // Resumes the waiter at `when` with `visit`. Once.
  void finish_at(sim::TimePoint when, DeviceVisit visit);

 private:
  DeviceOp kind_;
  bool suspended_ = false;
  sim::Extent one_;
  std::span<const sim::Extent> parts_;
  Device& device_;
  sim::TimePoint when_;
  DeviceVisit visit_;
};

inline Device::Io Device::io(DeviceOp kind, std::span<const sim::Extent> parts) {
  return Io(*this, kind, parts);
}
inline Device::Io Device::io(DeviceOp kind, sim::Extent part) { return Io(*this, kind, part); }
inline Device::Io Device::flush() {
  return Io(*this, DeviceOp::flush, std::span<const sim::Extent>());
}

}  // namespace stripe
