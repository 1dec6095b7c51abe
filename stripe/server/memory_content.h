// A content that keeps everything written, in the form in which it came.
#pragma once

#include <boost/icl/interval_map.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <map>
#include <memory>

#include "stripe/server/content.h"
#include "stripe/server/object_hash.h"

namespace stripe {

// Runs are kept as runs: memory per write, none per byte. Bytes are kept in sparse pages of kPage.
// A read answers bytes once bytes have been written to the object, else runs; holes are zeros in
// either form. Written content that is unknown (Payload::unknown) is kept as zeros.
class MemoryContent : public ObjectContent {
 public:
  static constexpr sim::Bytes kPage = 64 * sim::kKiB;

  sim::Status create(ObjectId object) override;
  sim::Status destroy(ObjectId object) override;
  sim::Status write(ObjectId object, sim::Bytes offset, transport::Payload data) override;
  sim::Result<transport::Payload> read(ObjectId object, sim::Extent range) const override;
  sim::Status truncate(ObjectId object, sim::Bytes size) override;
  sim::Result<sim::Bytes> size(ObjectId object) const override;

 private:
  // Where the content of a range comes from. It holds for any part of the range, which is what lets
  // ranges be cut and joined: a run's place in its file is the place in the object plus `shift`,
  // modulo 2^64.
  struct Origin {
    bool paged = false;  // it stands in the pages, and the rest is zero
    std::uint64_t file = 0;
    sim::Bytes shift = 0;
    transport::Stamp stamp;
    bool operator==(const Origin&) const = default;
  };
  using Interval = boost::icl::right_open_interval<sim::Bytes>;
  using Origins =
      boost::icl::interval_map<sim::Bytes, Origin, boost::icl::partial_absorber, std::less,
                               boost::icl::inplace_plus, boost::icl::inter_section, Interval>;
  struct Object {
    sim::Bytes size = 0;
    bool bytes = false;                                        // bytes have been written
    Origins origins;                                           // what is in no interval is a hole
    std::map<sim::Bytes, std::unique_ptr<std::byte[]>> pages;  // by offset ÷ kPage
  };

  static void put_runs(Object& object, sim::Bytes offset, const transport::Payload& data);
  static void put_bytes(Object& object, sim::Bytes offset, const transport::Payload& data);
  static transport::Payload read_runs(const Object& object, sim::Extent range);
  static transport::Payload read_bytes(const Object& object, sim::Extent range);
  Object* find(ObjectId object) const;  // nullptr if there is none

  boost::unordered_flat_map<ObjectId, std::unique_ptr<Object>, ObjectIdHash> objects_;
};

}  // namespace stripe
