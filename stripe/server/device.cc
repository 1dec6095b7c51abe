#include "stripe/server/device.h"

namespace stripe {

Device::Io::~Io() {
  if (!suspended_) {
    return;
  }
  device_.loop_.count_sleep(root, -1);
  if (scheduled_) {
    device_.loop_.cancel(when_, *this);
  } else {
    device_.forget(*this);
  }
}

void Device::Io::await_suspend(std::coroutine_handle<> h) {
  suspend(device_.loop_, h, device_.name_);
  device_.loop_.count_sleep(root, 1);  // a device always comes back: its end is a matter of time
  suspended_ = true;
}

DeviceVisit Device::Io::await_resume() {
  if (suspended_) {
    suspended_ = false;
    device_.loop_.count_sleep(root, -1);
  }
  return visit_;
}

void Device::Io::finish_at(sim::TimePoint when, DeviceVisit visit) {
  sim::check(!scheduled_, "a device finished a request twice");
  visit_ = visit;
  when_ = when;
  scheduled_ = true;
  device_.loop_.at(when, *this);
}

}  // namespace stripe
