// From what servers send to runs: who wrote what.
#pragma once

#include "transport/payload.h"

namespace stripe {

// Bytes whose words name no writer, because several small writes meet in one word or because the
// bytes are wrong, decode to this stamp. It is never issued.
inline constexpr transport::Stamp kUndecodable{~std::uint64_t{0}};

// Appends to `out` the content of `data`[begin, end), which is the part of `file` from
// `file_offset` on. Runs are passed on as they are; bytes are decoded word by word, and a word in
// which two writes meet is told apart by its neighbours. Unknown content stays unknown.
void append_content(transport::Payload& out, const transport::Payload& data, sim::Bytes begin,
                    sim::Bytes end, std::uint64_t file, sim::Bytes file_offset);

}  // namespace stripe
