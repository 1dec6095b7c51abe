#include "scenarios/faults.h"

#include <fmt/core.h>

namespace scenarios {
namespace {

// Whether `inner` is `outer` or lies below it.
bool within(std::string_view inner, std::string_view outer) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || outer.empty() ||
                                      inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

}  // namespace

void Faults::add(std::string file, std::string path, std::string message) {
  if (kept_.size() < kKept) {
    kept_.push_back({std::move(file), std::move(path), std::move(message)});
  } else {
    ++more_;
  }
}

bool Faults::touch(std::initializer_list<std::string_view> paths) const {
  for (const Fault& fault : kept_) {
    for (const std::string_view path : paths) {
      if (within(fault.path, path) || within(path, fault.path)) {
        return true;
      }
    }
  }
  return false;
}

sim::Error Faults::error() const {
  std::string text;
  for (const Fault& fault : kept_) {
    text += fmt::format("{}{}: {}{}{}", text.empty() ? "" : "\n", fault.file, fault.path,
                        fault.path.empty() ? "" : ": ", fault.message);
  }
  if (more_ > 0) {
    text += fmt::format("\nand {} more", more_);
  }
  return {sim::Errc::invalid_argument, text};
}

}  // namespace scenarios
