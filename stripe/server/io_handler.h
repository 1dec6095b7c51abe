// Object I/O requests carried out on a store: what an OST does, and an MDT for data kept on it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>

#include "sim/host.h"
#include "stripe/protocol/ost_messages.h"
#include "stripe/server/grants.h"
#include "stripe/server/io_counts.h"
#include "stripe/server/object_hash.h"
#include "stripe/server/object_store.h"
#include "transport/request.h"

namespace stripe {

// Processor time of one request on a modelled machine, beside what its message costs. Copying its
// data and, where the client asks for it, their checksum come on top, at the host's own rates.
struct IoCosts {
  sim::Duration io = sim::microseconds(20);      // OST_READ, OST_WRITE
  sim::Duration glimpse = sim::microseconds(5);  // OST_GETATTR, which stands for a glimpse
  sim::Duration object = sim::microseconds(10);  // everything else; OST_CREATE: each object
};

class IoHandler final : public transport::Handler {
 public:
  // Both must outlive the handler.
  IoHandler(sim::Host& host, ObjectStore& store, IoCosts costs)
      : host_(host), store_(store), costs_(costs) {}

  // True for the opcodes that handle() knows.
  static bool knows(transport::Opcode opcode);
  // How NRS should see a transfer: objects of different targets are different. Zeros for other
  // requests.
  static transport::NrsKey key(const transport::Message& request);

  sim::Task<transport::Reply> handle(transport::Request& request) override;
  const IoCounts& counts() const { return counts_; }
  // From now on writes take space by `grants`, which outlives the handler.
  void set_grants(Grants* grants) { grants_ = grants; }
  // While the server recovers: what is replayed is about an object that may have been lost with its
  // making, which its MDT does not bring back if it has started anew as well (Lustre: a replayed
  // write makes all objects up to its own).
  void make_missing(const transport::Request& replay);
  // What is known of an object; all zero if it does not exist.
  ObjectInfo info(ObjectId object) const;

 private:
  sim::Task<transport::Reply> read(transport::Request& request);
  sim::Task<transport::Reply> write(transport::Request& request);
  sim::Task<sim::Errc> store_ranges(transport::Request& request, transport::Payload data,
                                    Grants::Use* use);
  sim::Task<transport::Reply> sync(transport::Request& request);
  sim::Task<transport::Reply> create(transport::Request& request);
  template <typename Work>
  sim::Task<transport::Reply> object_work(transport::Request& request, Work work);
  std::uint64_t& last_created(std::uint64_t seq, std::uint64_t asked);
  transport::Reply create_objects(const OstCreateRequest& body, std::uint64_t most);

  sim::Host& host_;
  ObjectStore& store_;
  IoCosts costs_;
  Grants* grants_ = nullptr;  // none: space is had as long as there is any
  IoCounts counts_;
  std::map<std::uint64_t, std::uint64_t> last_created_;  // by sequence
  // Of objects whose data has changed; looked up only.
  boost::unordered_flat_map<ObjectId, std::uint64_t, ObjectIdHash> versions_;
};

}  // namespace stripe
