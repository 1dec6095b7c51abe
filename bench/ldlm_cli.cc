#include "bench/ldlm_cli.h"

#include "bench/ldlm_extent.h"

namespace bench {

void add_ldlm_command(CLI::App& app, const Streams& streams, int& exit_code) {
  CLI::App* ldlm = app.add_subcommand("ldlm", "Answer questions about locks");
  ldlm->require_subcommand(1);
  ldlm->footer("Examples:\n  echo REQ PW 0 1048575 1 | stripelab ldlm extent");
  CLI::App* extent = ldlm->add_subcommand(
      "extent", "How far a lock is grown: one case a line from stdin, one answer a line");
  extent->footer(
      "A case, ranges in bytes with their END included, 18446744073709551615 = end of file:\n"
      "  REQ MODE START END CLIENT     the request, to be granted\n"
      "  [G MODE START END]...         locks granted on the object\n"
      "  [W MODE START END CLIENT [ASKED_START ASKED_END]]...   requests waiting for it\n"
      "Answer:\n"
      "  START END changed|same        what is granted\n"
      "Examples:\n"
      "  echo REQ PW 4194304 5242879 1 G PW 8388608 9437183 | stripelab ldlm extent");
  extent->callback([&streams, &exit_code] { exit_code = ldlm_extent(streams.in, streams.out); });
}

}  // namespace bench
