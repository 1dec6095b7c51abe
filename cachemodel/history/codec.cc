#include "cachemodel/history/codec.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace cachemodel {
namespace {

constexpr std::array<char, 8> kMagic = {'S', 'L', 'H', 'I', 'S', 'T', '0', '1'};

// The last value of each enumeration; a byte beyond it is refused.
constexpr Ending last_of(Ending) { return Ending::unknown; }
constexpr Basis last_of(Basis) { return Basis::own_write; }
constexpr DropCause last_of(DropCause) { return DropCause::lost; }
constexpr FileCall last_of(FileCall) { return FileCall::fsync; }
constexpr Attribute last_of(Attribute) { return Attribute::mtime; }
constexpr Change last_of(Change) { return Change::at_least; }
constexpr bool last_of(bool) { return true; }

// The fields of each event, in the order in which they are written. A codec is a Sizer, a Writer
// or a Reader.
template <typename Codec, typename... Fields>
void all(Codec& codec, Fields&... fields) {
  (codec.field(fields), ...);
}
template <typename Codec>
void fields(Codec& c, WriteEvent& e) {
  all(c, e.file, e.range.begin, e.range.end, e.stamp, e.handle, e.ending, e.zeros, e.call.invoked,
      e.call.returned);
}
template <typename Codec>
void fields(Codec& c, ApplyEvent& e) {
  all(c, e.file, e.range.begin, e.range.end, e.stamp, e.at);
}
template <typename Codec>
void fields(Codec& c, ReadEvent& e) {
  all(c, e.file, e.offset, e.client, e.handle, e.call.invoked, e.call.returned, e.run_count);
}
template <typename Codec>
void fields(Codec& c, ReadRun& e) {
  all(c, e.length, e.stamp, e.basis, e.since);
}
template <typename Codec>
void fields(Codec& c, FileEvent& e) {
  all(c, e.file, e.client, e.handle, e.kind, e.call.invoked, e.call.returned);
}
template <typename Codec>
void fields(Codec& c, DropEvent& e) {
  all(c, e.file, e.range.begin, e.range.end, e.client, e.cause, e.stamp, e.at);
}
template <typename Codec>
void fields(Codec& c, AttributeChange& e) {
  all(c, e.file, e.value, e.client, e.handle, e.attribute, e.change, e.ending, e.call.invoked,
      e.call.returned);
}
template <typename Codec>
void fields(Codec& c, AttributeRead& e) {
  all(c, e.file, e.value, e.client, e.handle, e.attribute, e.basis, e.since, e.call.invoked,
      e.call.returned);
}

class Sizer {
 public:
  template <typename T>
  void field(T&) {
    size_ += std::is_enum_v<T> || std::is_same_v<T, bool> ? 1 : sizeof(T);
  }
  template <typename Event>
  static std::size_t of() {
    Sizer sizer;
    Event event;
    fields(sizer, event);
    return sizer.size_;
  }

 private:
  std::size_t size_ = 0;
};

class Writer {
 public:
  void field(std::uint64_t& v) { number(v); }
  void field(std::uint32_t& v) { number(v); }
  void field(sim::TimePoint& at) { number(static_cast<std::uint64_t>(at.ns())); }
  template <typename Small>
  void field(Small& v) {
    out_.push_back(static_cast<std::byte>(v));
  }
  template <typename Event>
  void table(std::span<const Event> events) {
    std::uint64_t count = events.size();
    field(count);
    for (Event event : events) {
      fields(*this, event);
    }
  }
  void magic() {
    const auto bytes = std::as_bytes(std::span(kMagic));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> take() { return std::move(out_); }

 private:
  template <typename Number>
  void number(Number v) {
    const Number little = boost::endian::native_to_little(v);
    const auto bytes = std::as_bytes(std::span(&little, 1));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> out_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  void field(std::uint64_t& v) { v = number<std::uint64_t>(); }
  void field(std::uint32_t& v) { v = number<std::uint32_t>(); }
  void field(sim::TimePoint& at) {
    at = sim::TimePoint(static_cast<std::int64_t>(number<std::uint64_t>()));
  }
  template <typename Small>
  void field(Small& v) {
    const auto byte = number<std::uint8_t>();
    if (byte > static_cast<std::uint8_t>(last_of(Small{}))) {
      fail(fmt::format("byte {}: {} is no value of this field, the last is {}", at_ - 1, byte,
                       static_cast<unsigned>(last_of(Small{}))));
      return;
    }
    v = static_cast<Small>(byte);
  }

  template <typename Event>
  std::vector<Event> table(std::string_view name) {
    const auto count = number<std::uint64_t>();
    const std::size_t room = (bytes_.size() - at_) / Sizer::of<Event>();
    if (ok() && count > room) {
      fail(fmt::format("byte {}: {} {}, the bytes left hold {}", at_ - sizeof(count), count, name,
                       room));
    }
    std::vector<Event> events;
    events.reserve(ok() ? count : 0);
    for (std::uint64_t i = 0; ok() && i < count; ++i) {
      fields(*this, events.emplace_back());
    }
    return events;
  }

  void magic() {
    if (bytes_.size() < kMagic.size() ||
        std::memcmp(bytes_.data(), kMagic.data(), kMagic.size()) != 0) {
      fail("byte 0: not a history, which begins with \"SLHIST01\"");
      return;
    }
    at_ = kMagic.size();
  }
  void end() {
    if (ok() && at_ != bytes_.size()) {
      fail(fmt::format("byte {}: {} bytes behind the end", at_, bytes_.size() - at_));
    }
  }
  void fail(std::string message) {
    if (ok()) {
      fault_ = std::move(message);
    }
  }
  bool ok() const { return fault_.empty(); }
  sim::Error error() const { return {sim::Errc::protocol, "history bytes: " + fault_}; }

 private:
  template <typename Number>
  Number number() {
    if (bytes_.size() - at_ < sizeof(Number)) {
      fail(fmt::format("byte {}: ends inside a number of {} bytes", at_, sizeof(Number)));
    }
    Number v = 0;
    if (ok()) {
      std::memcpy(&v, bytes_.data() + at_, sizeof(v));
      at_ += sizeof(v);
    }
    return boost::endian::little_to_native(v);
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::string fault_;
};

// Hands the runs out to their reads, which must take all of them.
void add_reads(Reader& reader, const std::vector<ReadEvent>& reads, std::span<const ReadRun> runs,
               History& history) {
  for (const ReadEvent& read : reads) {
    if (read.run_count > runs.size()) {
      reader.fail(fmt::format("a read has {} runs, {} are left", read.run_count, runs.size()));
      return;
    }
    history.read(read, runs.first(read.run_count));
    runs = runs.subspan(read.run_count);
  }
  if (!runs.empty()) {
    reader.fail(fmt::format("{} runs belong to no read", runs.size()));
  }
}

template <typename Event, typename Add>
void read_table(Reader& reader, std::string_view name, Add add) {
  for (const Event& event : reader.table<Event>(name)) {
    add(event);
  }
}

}  // namespace

std::vector<std::byte> encode_history(const History& history) {
  Writer writer;
  writer.magic();
  writer.table(history.writes());
  writer.table(history.applies());
  writer.table(history.reads());
  writer.table(history.runs());
  writer.table(history.files());
  writer.table(history.drops());
  writer.table(history.changes());
  writer.table(history.attributes());
  return writer.take();
}

sim::Result<History> decode_history(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  History history;
  reader.magic();
  read_table<WriteEvent>(reader, "writes", [&](const auto& e) { history.write(e); });
  read_table<ApplyEvent>(reader, "applications", [&](const auto& e) { history.apply(e); });
  const auto reads = reader.table<ReadEvent>("reads");
  const auto runs = reader.table<ReadRun>("runs");
  add_reads(reader, reads, runs, history);
  read_table<FileEvent>(reader, "file calls", [&](const auto& e) { history.file(e); });
  read_table<DropEvent>(reader, "drops", [&](const auto& e) { history.drop(e); });
  read_table<AttributeChange>(reader, "attribute changes",
                              [&](const auto& e) { history.change(e); });
  read_table<AttributeRead>(reader, "attribute reads",
                            [&](const auto& e) { history.attribute(e); });
  reader.end();
  if (!reader.ok()) {
    return reader.error();
  }
  if (sim::Status s = validate(history); !s) {
    return s.error();
  }
  return history;
}

}  // namespace cachemodel
