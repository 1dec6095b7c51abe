#include "bench/layout_cli.h"

#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/layout_command.h"
#include "bench/layout_query.h"
#include "bench/layout_source.h"
#include "bench/paths.h"

namespace bench {
namespace {

constexpr std::uint32_t kMostOsts = 65536;

// What is to be shown, from the words of the command line: a file as the user means it, or options,
// in one word or in several.
sim::Result<std::string> what_to_show(const std::vector<std::string>& words) {
  const auto wrong = [](std::string message) {
    return sim::Error{sim::Errc::invalid_argument, std::move(message)};
  };
  if (words.empty()) {
    return wrong("give lfs setstripe options or a file of layout bytes");
  }
  if (!is_setstripe(words.front())) {
    return words.size() == 1 ? sim::Result<std::string>(user_path(words.front()))
                             : wrong(fmt::format("file \"{}\" and {} words more: give one file, "
                                                 "or options only",
                                                 words.front(), words.size() - 1));
  }
  std::string options = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    options += words[i].empty() ? " ''" : " " + words[i];
  }
  return options;
}

void add_show(CLI::App& layout, const Streams& streams, int& exit_code) {
  auto osts = std::make_shared<std::optional<std::uint32_t>>();
  CLI::App* show = layout.add_subcommand(
      "show",
      "The layout, where its bytes are, its EA, remarks. Give `lfs setstripe` options, quoted or "
      "not, or a file of layout bytes (raw or hex)");
  show->add_option("--osts", *osts, "OSTs of the file system, for the remarks")
      ->check(CLI::Range(1u, kMostOsts));
  show->footer(
      "Examples:\n"
      "  stripelab layout show \"-c 4 -S 1M\"\n"
      "  stripelab layout show \"-E 64M -c 1 -S 1M -E -1 -c 8 -S 4M\"\n"
      "  getfattr --only-values -n trusted.lov FILE > ea; stripelab layout show ./ea");
  // Not a named argument: CLI11 takes words that begin with a dash for options of its own.
  show->allow_extras();
  show->callback([show, osts, &streams, &exit_code] {
    const auto what = what_to_show(show->remaining());
    if (!what.ok()) {
      streams.err << fmt::format("stripelab: layout show: {}\n", what.error().message);
      exit_code = kBadInput;
      return;
    }
    exit_code = layout_show(*what, *osts, streams.out, streams.err);
  });
}

}  // namespace

void add_layout_command(CLI::App& app, const Streams& streams, int& exit_code) {
  CLI::App* layout =
      app.add_subcommand("layout", "Show a layout, or answer questions about striping");
  layout->require_subcommand(1);
  add_show(*layout, streams, exit_code);
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
  query->callback([&streams, &exit_code] { exit_code = layout_query(streams.in, streams.out); });
  // Last, because the commands above would inherit it.
  layout->footer(
      "Examples:\n"
      "  stripelab layout show \"-c 8 -S 4M\"\n"
      "  echo map 1048576 4 5243003 | stripelab layout query");
}

}  // namespace bench
