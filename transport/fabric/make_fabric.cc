#include "transport/fabric/make_fabric.h"

#include "transport/fabric/fast_fabric.h"
#include "transport/fabric/reference_fabric.h"

namespace transport {

std::unique_ptr<Fabric> make_fabric(FabricModel model, sim::Loop& loop, const Topology& topology) {
  if (model == FabricModel::reference) {
    return std::make_unique<ReferenceFabric>(loop, topology);
  }
  return std::make_unique<FastFabric>(loop, topology);
}

}  // namespace transport
