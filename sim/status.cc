#include "sim/status.h"

#include <cstdio>
#include <cstdlib>

namespace sim {
namespace {
thread_local RunContext* current_context = nullptr;
}  // namespace

std::string_view errc_name(Errc code) {
  static constexpr std::string_view kNames[] = {
      "ok",           "invalid_argument", "not_found",  "exists",         "not_directory",
      "is_directory", "not_empty",        "no_space",   "io_error",       "access_denied",
      "too_large",    "not_supported",    "bad_handle", "protocol",       "timed_out",
      "unreachable",  "canceled",         "evicted",    "unknown_outcome"};
  const auto index = static_cast<std::size_t>(code);
  return index < std::size(kNames) ? kNames[index] : "invalid";
}

RunContext::RunContext(std::uint64_t seed, const std::int64_t* now_ns)
    : seed_(seed), now_ns_(now_ns), outer_(current_context) {
  current_context = this;
}

RunContext::~RunContext() { current_context = outer_; }

void fail_check(std::string_view message, SourcePlace where) {
  std::fprintf(stderr, "stripelab: broken invariant: %.*s\n  at %s:%d in %s\n",
               static_cast<int>(message.size()), message.data(), where.file, where.line,
               where.function);
  if (current_context != nullptr) {
    std::fprintf(stderr, "  seed %llu, virtual time %lld ns\n",
                 static_cast<unsigned long long>(current_context->seed_),
                 static_cast<long long>(*current_context->now_ns_));
  }
  std::abort();
}

void internal::fail_check_at(std::string_view message, const char* file, int line,
                             const char* function) {
  fail_check(message, {file, line, function});
}

}  // namespace sim
