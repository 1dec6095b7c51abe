// Devices by description.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "sim/status.h"
#include "stripe/server/hdd_array.h"
#include "stripe/server/null_device.h"
#include "stripe/server/nvme_device.h"

namespace stripe {

// One alternative per model; the factory's table is the overload set over it.
using DeviceParams = std::variant<NullDeviceParams, NvmeParams, HddArrayParams>;

// Whether a device can be made so; the error names the parameter, its value, and what would do.
sim::Status check_device(const DeviceParams& params);

// The device that `params` describe, called `name` in reports. The loop must outlive it.
sim::Result<std::unique_ptr<Device>> make_device(sim::Loop& loop, std::string name,
                                                 const DeviceParams& params);

}  // namespace stripe
