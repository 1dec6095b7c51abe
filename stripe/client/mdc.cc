#include "stripe/client/mdc.h"

namespace stripe {
namespace {

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.rpcs_in_flight = design.rpcs_in_flight;
  options.timeout = design.rpc_timeout;
  options.idle_timeout = sim::Duration();  // Lustre keeps the connection to the MDT
  return options;
}

}  // namespace

Mdc::Mdc(ClientContext& context, transport::Address mdt)
    : context_(context),
      import_(context.endpoint, mdt, "MDT0000", import_options(context.design)) {}

}  // namespace stripe
