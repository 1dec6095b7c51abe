#include "bench/layout_cli.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "bench/layout_command.h"
#include "bench/layout_query.h"
#include "bench/paths.h"

namespace bench {

void add_layout_command(CLI::App& app, int& exit_code) {
  CLI::App* layout =
      app.add_subcommand("layout", "Show a layout, or answer questions about striping");
  layout->require_subcommand(1);

  auto what = std::make_shared<std::string>();
  auto osts = std::make_shared<std::optional<std::uint32_t>>();
  CLI::App* show =
      layout->add_subcommand("show", "The layout, where its bytes are, its EA, warnings");
  show->add_option("layout", *what,
                   "`lfs setstripe` options, or a file of layout bytes (raw or hex)")
      ->required();
  show->footer(
      "Examples:\n"
      "  stripelab layout show \"-c 4 -S 1M\"\n"
      "  stripelab layout show \"-E 64M -c 1 -S 1M -E -1 -c 8 -S 4M\"\n"
      "  getfattr --only-values -n trusted.lov FILE > ea; stripelab layout show ./ea");
  show->add_option("--osts", *osts, "OSTs of the file system, for the remarks");
  show->callback([what, osts, &exit_code] {
    std::string given = *what;
    // A path is taken as the user means it; options begin with a dash.
    if (!given.starts_with('-')) {
      given = user_path(given);
    }
    exit_code = layout_show(given, *osts, std::cout, std::cerr);
  });

  CLI::App* query =
      layout->add_subcommand("query", "One question a line from stdin, one answer a line");
  query->footer(
      "Questions, numbers in bytes:\n"
      "  map S N OFF              -> INDEX OBJECT_OFFSET\n"
      "  size S N I OBJECT_SIZE   -> file size\n"
      "  objsz S N I FILE_SIZE    -> object size\n"
      "  isect S N I START END    -> 0, or 1 FIRST LAST (closed object range)\n"
      "Example:\n"
      "  echo map 1048576 4 5243003 | stripelab layout query");
  query->callback([&exit_code] { exit_code = layout_query(std::cin, std::cout); });
}

}  // namespace bench
