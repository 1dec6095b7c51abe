// The stripelab command.
#include <unistd.h>

#include <iostream>

#include "bench/command_line.h"

int main(int argc, char** argv) {
  const bench::Streams streams{std::cin, std::cout, std::cerr, isatty(STDERR_FILENO) != 0};
  return bench::run_command_line({argv + (argc > 0 ? 1 : 0), argv + argc}, streams);
}
