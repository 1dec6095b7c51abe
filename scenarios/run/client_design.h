// The client stack's choices from the scenario's words for them.
#pragma once

#include "scenarios/spec.h"
#include "stripe/client/design.h"

namespace scenarios {

// The design of a client whose machine has this memory.
stripe::ClientDesign client_design(const DesignSpec& spec, const MemorySpec& memory = {});

}  // namespace scenarios
