// Expected failures as values, and the check that stops a run whose invariant is broken.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sim {

// Why an operation failed. The names follow the POSIX errors a file-system user would see, plus the
// outcomes that only a distributed client knows.
enum class Errc : std::uint8_t {
  ok,
  invalid_argument,
  not_found,
  exists,
  not_directory,
  is_directory,
  not_empty,
  no_space,
  io_error,
  access_denied,
  too_large,
  not_supported,
  bad_handle,
  protocol,     // bytes or a message that break the protocol's rules
  timed_out,    // nobody answered; the request was never accepted
  unreachable,  // no connection, and the request was not sent
  canceled,
  evicted,         // the server dropped this client's state
  unknown_outcome  // the request was sent, its fate cannot be known
};

// The error's name as written above, for messages and reports.
std::string_view errc_name(Errc code);

// A failure: what kind, and one sentence that says what was found and what would be right.
struct Error {
  Errc code = Errc::io_error;
  std::string message;
  bool operator==(const Error&) const = default;
};

// Where in the source a check stands. Not std::source_location, which clang 14 does not have.
struct SourcePlace {
  const char* file;
  int line;
  const char* function;
  static constexpr SourcePlace here(const char* file = __builtin_FILE(),
                                    int line = __builtin_LINE(),
                                    const char* function = __builtin_FUNCTION()) {
    return {file, line, function};
  }
};

// Stops the program: prints `message`, the place, and the seed and virtual time of the run on this
// thread if there is one (see RunContext).
[[noreturn]] void fail_check(std::string_view message, SourcePlace where = SourcePlace::here());

namespace internal {
// fail_check with arguments that all fit in registers: what a check that holds would otherwise
// write to the stack for it costs more than the comparison.
[[noreturn, gnu::cold]] void fail_check_at(std::string_view message, const char* file, int line,
                                           const char* function);
}  // namespace internal

// An invariant. Always on, in every build.
inline void check(bool holds, std::string_view message, SourcePlace where = SourcePlace::here()) {
  if (!holds) [[unlikely]] {
    internal::fail_check_at(message, where.file, where.line, where.function);
  }
}

// What fail_check prints about the run on this thread. The only thread-local of the kernel beside
// the frame pool: a crash report that had to be handed the loop could not be raised from pure code.
class RunContext {
 public:
  // `seed` and `now_ns` must outlive the context. Contexts nest; the innermost is printed.
  RunContext(std::uint64_t seed, const std::int64_t* now_ns);
  ~RunContext();
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;

 private:
  friend void fail_check(std::string_view, SourcePlace);
  std::uint64_t seed_;
  const std::int64_t* now_ns_;
  RunContext* outer_;
};

// A value or an Error. Taking the value of a failed Result stops the program.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *std::get_if<1>(&state_); }
  Errc code() const { return ok() ? Errc::ok : error().code; }

  T& value() & { return require(), *std::get_if<0>(&state_); }
  const T& value() const& { return require(), *std::get_if<0>(&state_); }
  T&& value() && { return require(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  void require() const {
    if (!ok()) [[unlikely]] {
      fail_check("value of a failed result: " + error().message);
    }
  }
  std::variant<T, Error> state_;
};

// Success or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: implicit, as for Result
  bool ok() const { return error_.code == Errc::ok; }
  explicit operator bool() const { return ok(); }
  Errc code() const { return error_.code; }
  const Error& error() const { return error_; }

 private:
  Error error_{Errc::ok, {}};
};

}  // namespace sim
