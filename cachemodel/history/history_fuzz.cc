// Any bytes are either refused or a history that is written back as the same bytes and checked
// without harm.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cachemodel/history/check.h"
#include "cachemodel/history/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto history = cachemodel::decode_history(bytes);
  if (!history.ok()) {
    return 0;
  }
  const auto again = cachemodel::encode_history(*history);
  sim::check(std::ranges::equal(again, bytes), "what was read is written as the same bytes");
  const cachemodel::HistoryPart whole{&*history, {}};
  const auto verdict = cachemodel::check({&whole, 1});
  sim::check(!verdict.ok() || verdict->blocks.total.stale <= verdict->blocks.total.reads,
             "no more is stale than was read");
  const cachemodel::History empty;
  const cachemodel::HistoryPart with_empty[] = {{&*history, {}},
                                                {&empty, {1, {}, sim::Duration(1000)}}};
  const auto doubtful = cachemodel::check(with_empty);
  sim::check(doubtful.ok() == verdict.ok(), "an empty history changes nothing");
  return 0;
}
