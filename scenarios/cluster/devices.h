// From the hardware's description to the parameters of the models.
#pragma once

#include "scenarios/hardware.h"
#include "stripe/server/device_factory.h"
#include "stripe/server/oss_cache.h"

namespace scenarios {

stripe::DeviceParams device_params(const DeviceSpec& spec);
stripe::OssCacheParams cache_params(const OssCacheSpec& spec);

}  // namespace scenarios
