// The smallest thing a loop can run: one function and the object it stands in.
#pragma once

namespace sim {

// An intrusive unit of work. The owner derives from it, sets `fire`, and keeps it alive and in
// place from the moment it is scheduled until it fires or is cancelled. No allocation, no virtual
// table.
struct Callback {
  using Fire = void (*)(Callback&);
  Fire fire = nullptr;
  // Memory beside this object that `fire` reads at once; the queue has it fetched a little before.
  const void* touches = this;
};

}  // namespace sim
