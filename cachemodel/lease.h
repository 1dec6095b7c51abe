// The oplocks of one share server, or of several that share a table: who may cache what of a file,
// and whose right must be taken back first. As SMB has them, without handle caching.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace cachemodel {

// none; read: a level II oplock; read_write: an exclusive one.
enum class LeaseLevel : std::uint8_t { none, read, read_write };
constexpr LeaseLevel last_of(LeaseLevel) { return LeaseLevel::read_write; }
// "none", "level II", "exclusive".
std::string_view lease_level_name(LeaseLevel level);

// A file's identity in two words.
using LeaseFile = std::array<std::uint64_t, 2>;
using LeaseClient = std::uint64_t;

// A holder who must be told, and must have answered, before the request goes on.
struct LeaseBreak {
  LeaseClient client = 0;
  LeaseLevel to = LeaseLevel::none;
  bool operator==(const LeaseBreak&) const = default;
};

// Makes no messages: it says whom to tell. A lease counts as held until its break is answered.
class LeaseTable {
 public:
  // `client` opens the file once more. Others must not write behind any longer.
  std::vector<LeaseBreak> open(const LeaseFile& file, LeaseClient client);
  // What it gets once the breaks are answered: read_write if nobody else has the file open, read if
  // nobody writes it.
  LeaseLevel grant(const LeaseFile& file, LeaseClient client);
  // `client` is about to write without the right to write behind: nobody may cache the file, itself
  // included, until end_write().
  std::vector<LeaseBreak> begin_write(const LeaseFile& file, LeaseClient client);
  void end_write(const LeaseFile& file, LeaseClient client);
  // A break was answered, or came to nothing.
  void lower(const LeaseFile& file, LeaseClient client, LeaseLevel to);
  // One of its opens ends. False if it has none.
  bool close(const LeaseFile& file, LeaseClient client);
  // All its opens and writes end.
  void forget(LeaseClient client);

  bool is_open(const LeaseFile& file, LeaseClient client) const;
  LeaseLevel level(const LeaseFile& file, LeaseClient client) const;
  std::size_t files() const { return files_.size(); }

 private:
  struct Opener {
    std::uint32_t opens = 0;
    std::uint32_t writes = 0;  // under way
    LeaseLevel level = LeaseLevel::none;
  };
  using Openers = std::map<LeaseClient, Opener>;
  Opener* find(const LeaseFile& file, LeaseClient client);

  std::map<LeaseFile, Openers> files_;
};

}  // namespace cachemodel
