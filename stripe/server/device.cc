#include "stripe/server/device.h"

namespace stripe {

Device::Io::~Io() {
  if (!suspended_) {
    return;
  }
  if (scheduled_) {
    device_.loop_.cancel(when_, *this);
  } else {
    device_.forget(*this);
  }
}

void Device::Io::await_suspend(std::coroutine_handle<> h) {
  suspend(h);
  suspended_ = true;
  if (!scheduled_) {
    device_.waiting_.push_back(*this);
  }
}

DeviceVisit Device::Io::await_resume() {
  suspended_ = scheduled_ = false;
  return visit_;
}

void Device::Io::finish_at(sim::TimePoint when, DeviceVisit visit) {
  sim::check(!scheduled_, "a device finished a request twice");
  unlink();
  visit_ = visit;
  when_ = when;
  scheduled_ = true;
  device_.loop_.expect(when);  // also a daemon's: somebody's request ends there
  device_.loop_.at(when, *this);
}

}  // namespace stripe
