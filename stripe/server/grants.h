// Space that an OST has promised to its clients, so that what they keep dirty finds room.
#pragma once

#include <map>

#include "sim/units.h"
#include "stripe/server/object_store.h"
#include "transport/message.h"

namespace stripe {

// What is promised never exceeds what is free: without a promise nobody gets the last space.
class Grants {
 public:
  // The most that is given at a time, and at a connection's beginning (Lustre: two of the largest
  // RPCs; without its tax for extents, as only data takes space here).
  static constexpr sim::Bytes kChunk = 8 * sim::kMiB;
  static constexpr sim::Bytes kPage = 4 * sim::kKiB;

  // `store` must outlive it.
  explicit Grants(const ObjectStore& store) : store_(store) {}

  // Gives `client` more, if it wants to hold `want` bytes in all: what it lacks, an eighth of what
  // is left, or a chunk, whichever is least, in whole pages. Returns how much.
  sim::Bytes give(transport::Address client, sim::Bytes want);
  // A client gives something back. Returns how much of it it had.
  sim::Bytes take_back(transport::Address client, sim::Bytes bytes);
  // The same where it is worth it: where more than a quarter of what is free is promised (Lustre).
  sim::Bytes shrink(transport::Address client, sim::Bytes bytes);
  // It has gone: it holds nothing any more.
  void drop(transport::Address client);

  // The part of a grant that one write uses, from when its data is here until it has its space.
  class Use {
   public:
    // Takes `bytes` off the client's grant; less if it has less.
    Use(Grants& grants, transport::Address client, sim::Bytes bytes);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    // `bytes` of new space are about to be taken: from what is used, and then from what nobody was
    // promised. False if there is less.
    bool take_space(sim::Bytes bytes);
    // The write came to nothing: the client keeps what is left of its grant.
    void undo();

   private:
    Grants& grants_;
    transport::Address client_;
    sim::Bytes left_;
  };

  sim::Bytes held(transport::Address client) const;
  sim::Bytes held() const { return held_; }  // by all clients
  // Free, and promised to nobody.
  sim::Bytes left() const;

 private:
  const ObjectStore& store_;
  std::map<transport::Address, sim::Bytes> clients_;
  sim::Bytes held_ = 0;
  sim::Bytes in_use_ = 0;  // by writes that have not taken their space yet
};

}  // namespace stripe
