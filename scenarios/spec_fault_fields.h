// The fields of a scenario's faults, as spec_fields.h.
#pragma once

#include "scenarios/spec_faults.h"

namespace scenarios {

template <class V>
void fields(V& v, LinkSpec& l) {
  v.require({"from", "to"});
  v.name("from", l.from, "A node: mds0, oss0 ..., or a client by group and number, clients0.");
  v.name("to", l.to, "Another node.");
  v.duration("delay", l.delay, "On top of what a message takes anyway, each way; link_delay.");
}

template <class V>
void fields(V& v, FaultSpec& f) {
  v.require({"at", "for"});
  v.duration("at", f.at, "When it begins, since the run began.");
  v.duration("for", f.duration, "How long it lasts.");
  v.name("silent_client", f.silent_client,
         "A client node, clients0: whatever it sends or is sent is lost.");
  v.object("link_down", f.link_down, "Two nodes between which every message is lost.");
  v.object("link_delay", f.link_delay, "Two nodes between which messages take longer.");
  v.name("restart", f.restart,
         "A server, oss0 or mds0: it stops, and comes back without what it had in memory only.");
}

}  // namespace scenarios
