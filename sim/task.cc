#include "sim/task.h"

namespace sim {

void TaskGroup::spawn(Task<void> task, std::string_view name, TaskKind kind) {
  Member& m = members_.emplace_back();
  m.self = std::prev(members_.end());
  m.group = this;
  m.task = std::move(task);
  m.root.name = name;
  m.root.daemon = kind == TaskKind::daemon;
  loop_.add(m.root);
  m.fire = &TaskGroup::start;
  m.posted = loop_.now();
  loop_.post(m);
}

void TaskGroup::start(Callback& callback) {
  auto& m = static_cast<Member&>(callback);
  m.started = true;
  static_cast<Completion&>(m).done = &TaskGroup::done;
  m.group->loop_.resumed(&m.root);
  m.task.start(m);
}

// The frame is still on the stack here, so it is destroyed by an event of its own.
void TaskGroup::done(Completion& completion) {
  auto& m = static_cast<Member&>(completion);
  Loop& loop = m.group->loop_;
  m.finished = true;
  loop.remove(m.root);
  m.fire = &TaskGroup::reap;
  m.posted = loop.now();
  loop.post(m);
}

void TaskGroup::reap(Callback& callback) {
  auto& m = static_cast<Member&>(callback);
  m.group->members_.erase(m.self);
}

void TaskGroup::cancel_all() {
  while (!members_.empty()) {
    Member& m = members_.back();
    if (!m.started || m.finished) {
      loop_.cancel(m.posted, m);
    }
    if (!m.finished) {
      loop_.remove(m.root);
    }
    m.task = Task<void>();  // before the root that the frame's waiters point to
    members_.pop_back();
  }
}

}  // namespace sim
