#include "scenarios/workload/shell_arithmetic.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

using Value = sim::Result<std::int64_t>;

constexpr int kDeepest = 32;
constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Recursive descent; `rest_` is what has not been read.
class Evaluator {
 public:
  explicit Evaluator(std::string_view text) : rest_(text) {}

  Value all() {
    const Value value = sum();
    return value.ok() && peek() != '\0' ? wrong() : value;
  }

 private:
  // The next character that is no blank, or 0 at the end.
  char peek() {
    rest_ = scan::trim(rest_);
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool take(char c) {
    if (peek() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  sim::Error wrong() const {
    return {sim::Errc::invalid_argument,
            fmt::format("found {}; whole numbers, + - * / % and brackets are worked out",
                        scan::in_quotes(rest_.substr(0, 20)))};
  }

  static sim::Error too_large() {
    return {sim::Errc::invalid_argument, "the value does not fit 64 bits"};
  }

  Value sum() {
    Value left = product();
    while (left.ok() && (peek() == '+' || peek() == '-')) {
      left = combine(left, rest_.front(), &Evaluator::product);
    }
    return left;
  }

  Value product() {
    Value left = factor();
    while (left.ok() && (peek() == '*' || peek() == '/' || peek() == '%')) {
      left = combine(left, rest_.front(), &Evaluator::factor);
    }
    return left;
  }

  // `left`, the operator and what `next` reads behind it.
  Value combine(const Value& left, char op, Value (Evaluator::*next)()) {
    rest_.remove_prefix(1);
    const Value right = (this->*next)();
    return right.ok() ? apply(*left, op, *right) : right;
  }

  static Value apply(std::int64_t a, char op, std::int64_t b) {
    std::int64_t value = 0;
    switch (op) {
      case '+':
        return __builtin_add_overflow(a, b, &value) ? Value(too_large()) : Value(value);
      case '-':
        return __builtin_sub_overflow(a, b, &value) ? Value(too_large()) : Value(value);
      case '*':
        return __builtin_mul_overflow(a, b, &value) ? Value(too_large()) : Value(value);
      default:
        break;
    }
    if (b == 0) {
      return sim::Error{sim::Errc::invalid_argument, "division by zero"};
    }
    if (a == kLowest && b == -1) {
      return too_large();
    }
    return op == '/' ? a / b : a % b;
  }

  Value factor() {
    if (++depth_ > kDeepest) {
      return wrong();
    }
    const Value value = bare_factor();
    --depth_;
    return value;
  }

  Value bare_factor() {
    if (take('-')) {
      const Value value = factor();
      return value.ok() ? apply(0, '-', *value) : value;
    }
    if (take('+')) {
      return factor();
    }
    if (take('(')) {
      const Value value = sum();
      return value.ok() && !take(')') ? wrong() : value;
    }
    return number();
  }

  Value number() {
    int base = 10;
    peek();
    std::string_view digits = rest_;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      base = 16;
      digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') {
      base = 8;
    }
    std::int64_t value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, failed] = std::from_chars(digits.data(), last, value, base);
    if (failed == std::errc::result_out_of_range) {
      return too_large();
    }
    // No sign here, and no letters behind the digits: 08, 1k and a name are nothing.
    const bool word = end != last && is_word(*end);
    if (failed != std::errc() || word || digits.front() == '-') {
      return wrong();
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

sim::Result<std::int64_t> shell_arithmetic(std::string_view expression) {
  return Evaluator(expression).all();
}

}  // namespace scenarios
