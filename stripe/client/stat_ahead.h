// Asking for attributes before they are asked for: whoever has read a directory and looks at its
// entries one after another finds them here.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "stripe/client/mdc.h"

namespace stripe {

// As llite/statahead.c of Lustre 2.17: it begins when a directory's first entry is looked at, asks
// for a window of entries that doubles with each hit, and stops when few of them are wanted.
class StatAhead {
 public:
  // What else is to be asked about a file once its attributes are here: its size (Lustre: AGL).
  using Glimpse = std::function<sim::Task<void>(const MdsIntentReply&)>;
  // `mdc` keeps locks, and outlives this.
  StatAhead(ClientContext& context, Mdc& mdc, Glimpse glimpse);

  // The attributes of `name` in `directory` are about to be asked for. Waits if they are on their
  // way.
  sim::Task<void> before(Fid directory, std::string name);

  static constexpr std::size_t kFirstWindow = 8;

 private:
  // Looking through one directory.
  struct Scan {
    Entries entries;
    std::size_t at = 0;     // who looks, looks here
    std::size_t asked = 1;  // entries before this one are known, or on their way
    std::size_t window = kFirstWindow;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t misses_in_a_row = 0;
    sim::TimePoint used;
    std::map<std::string, std::shared_ptr<sim::Event>, std::less<>> on_their_way;
  };
  Scan* begin(const Fid& directory, const std::string& name);
  bool go_on(Scan& scan, const std::string& name) const;
  void ask(const Fid& directory, Scan& scan);
  sim::Task<void> ask_one(Fid directory, std::string name, std::shared_ptr<sim::Event> here);

  ClientContext& context_;
  Mdc& mdc_;
  Glimpse glimpse_;
  std::map<Fid, Scan> scans_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
