#include "scenarios/workload/dxt_stream.h"

#include "sim/status.h"

namespace scenarios {
namespace {

// Only the phase marker is added: opens and closes stand among the transfers, so that there is no
// loop to steer.
class DxtStream : public OpStream {
 public:
  explicit DxtStream(const std::vector<Op>& ops) : ops_(ops) {}

  bool next(Op& op) override {
    if (!begun_) {
      begun_ = true;
      op = Op{};
      return true;
    }
    if (at_ == ops_.size()) {
      return false;
    }
    op = ops_[at_++];
    const bool transfer = op.kind == OpKind::read || op.kind == OpKind::write;
    done_ += transfer ? 1 : 0;
    return true;
  }

  void set_limit(std::uint64_t) override {}
  std::uint64_t transfers_done() const override { return done_; }

  void skip_phase() override {
    begun_ = true;
    at_ = ops_.size();
  }

 private:
  const std::vector<Op>& ops_;
  bool begun_ = false;
  std::size_t at_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

std::unique_ptr<OpStream> DxtWorkload::stream(std::uint32_t rank) const {
  sim::check(rank < ops_.size(), "a stream for a rank that does not exist");
  return std::make_unique<DxtStream>(ops_[rank]);
}

Summary DxtWorkload::summary() const {
  Totals totals;
  totals.add(OpKind::phase, ops_.size());
  for (const std::vector<Op>& rank : ops_) {
    for (const Op& op : rank) {
      totals.add(op);
    }
  }
  return {{totals}, totals};
}

}  // namespace scenarios
