// What a history is made of: who wrote, read, opened and dropped what, and when. All instants are
// those of one host's clock, in nanoseconds; a stamp names one write (client in the high 24 bits,
// its sequence number below; 0 = nobody wrote here, the bytes are zeros).
#pragma once

#include <cstdint>

#include "sim/units.h"

namespace cachemodel {

// Coherence is counted in pages of this size.
inline constexpr sim::Bytes kBlock = 4 * sim::kKiB;

// Bytes in which several writes meet, so that they name no writer, decode to this.
inline constexpr std::uint64_t kNoWriter = ~std::uint64_t{0};

// The client that issued a stamp.
constexpr std::uint32_t client_of(std::uint64_t stamp) {
  return static_cast<std::uint32_t>(stamp >> 40);
}

// When the application called, and when the call came back (the acknowledgement).
struct Call {
  sim::TimePoint invoked;
  sim::TimePoint returned;
  bool operator==(const Call&) const = default;
};

// How a call ended. What is under way when a history ends is `unknown`, returned at that end.
enum class Ending : std::uint8_t { ok, failed, unknown };

// Why data or attributes in a cache were believed valid.
enum class Basis : std::uint8_t {
  unstated,
  fetched,     // not cached: the server answered this very call
  lock,        // an LDLM lock covers it
  lease,       // an oplock or lease is held
  attributes,  // attributes were checked and not yet too old
  own_write    // the client wrote it itself and has not yet sent it
};

// Why cached data left a cache.
enum class DropCause : std::uint8_t {
  conflict,  // another client's request invalidated it
  capacity,  // room was needed
  purge,     // the policy empties the cache, whatever changed
  lost       // dirty data that will never reach its server
};

enum class Attribute : std::uint8_t { size, mtime };

// How an attribute changes: to the value, or to the value if that is more (as a write extends a
// file, and as the newest of several mtimes is shown).
enum class Change : std::uint8_t { exactly, at_least };

// One write by the application of the client in its stamp. With `zeros` it is a punch: what it
// covers reads as zeros of stamp 0; one that ends at kEof is a truncate to its beginning.
struct WriteEvent {
  std::uint64_t file = 0;
  sim::Extent range;
  std::uint64_t stamp = 0;
  std::uint32_t handle = 0;  // the open it came through, unique per client; 0 = not known
  Ending ending = Ending::ok;
  bool zeros = false;
  Call call;
  bool operator==(const WriteEvent&) const = default;
};

// A server put a part of a write into its object. One history's applications are in order.
struct ApplyEvent {
  std::uint64_t file = 0;
  sim::Extent range;  // of the file, not of the object
  std::uint64_t stamp = 0;
  sim::TimePoint at;
  bool operator==(const ApplyEvent&) const = default;
};

// `length` bytes of a read, all of one write.
struct ReadRun {
  sim::Bytes length = 0;
  std::uint64_t stamp = 0;
  Basis basis = Basis::unstated;
  sim::TimePoint since;  // when the basis was obtained
  bool operator==(const ReadRun&) const = default;
};

// One successful read. Its runs follow one another from `offset` on.
struct ReadEvent {
  std::uint64_t file = 0;
  sim::Bytes offset = 0;
  std::uint32_t client = 0;
  std::uint32_t handle = 0;
  Call call;
  std::uint64_t first_run = 0;  // among the history's runs
  std::uint64_t run_count = 0;
  bool operator==(const ReadEvent&) const = default;
};

enum class FileCall : std::uint8_t { open, close, fsync };

// A successful open, close or fsync. A failed close or fsync promises nothing and is not recorded.
struct FileEvent {
  std::uint64_t file = 0;
  std::uint32_t client = 0;
  std::uint32_t handle = 0;  // an fsync concerns all the client's writes to the file
  FileCall kind = FileCall::open;
  Call call;
  bool operator==(const FileEvent&) const = default;
};

// Data left a client's cache.
struct DropEvent {
  std::uint64_t file = 0;
  sim::Extent range;
  std::uint32_t client = 0;
  DropCause cause = DropCause::conflict;
  // conflict: the write that caused it, 0 = not known. lost: the write that is lost.
  std::uint64_t stamp = 0;
  sim::TimePoint at;
  bool operator==(const DropEvent&) const = default;
};

// An attribute was set. Writes and truncates change the size by themselves and need no such event.
struct AttributeChange {
  std::uint64_t file = 0;
  std::uint64_t value = 0;  // bytes, or nanoseconds
  std::uint32_t client = 0;
  std::uint32_t handle = 0;
  Attribute attribute = Attribute::size;
  Change change = Change::exactly;
  Ending ending = Ending::ok;
  Call call;
  bool operator==(const AttributeChange&) const = default;
};

struct AttributeRead {
  std::uint64_t file = 0;
  std::uint64_t value = 0;
  std::uint32_t client = 0;
  std::uint32_t handle = 0;
  Attribute attribute = Attribute::size;
  Basis basis = Basis::unstated;
  sim::TimePoint since;
  Call call;
  bool operator==(const AttributeRead&) const = default;
};

}  // namespace cachemodel
