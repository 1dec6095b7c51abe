#include "stripe/client/write_rpcs.h"

namespace stripe {

void WriteRpcs::add(sim::Bytes object_offset, sim::Bytes file_offset, sim::Bytes length,
                    transport::Stamp stamp) {
  const Coalesce policy =
      design_.coalesce == Coalesce::read_through ? Coalesce::adjacent : design_.coalesce;
  std::optional<Join> how;
  if (!rpcs_.empty() && length <= open_.room) {
    how = join(policy, open_, object_offset, design_.coalesce_limits);
  }
  if (!how) {
    rpcs_.emplace_back();
    open_ = {object_offset, design_.max_rpc_size, 0};
    how = Join{0, true};
  }
  WriteRpc& rpc = rpcs_.back();
  if (how->new_range) {
    rpc.ranges.push_back({object_offset, 0});
    ++open_.ranges;
  }
  rpc.ranges.back().length += length;
  rpc.data.append(transport::Payload({file_, file_offset, length, stamp}));
  open_.end = object_offset + length;
  open_.room -= length;
}

}  // namespace stripe
