// `stripelab layout`: a layout explained. The dialogue `layout query` is in layout_query.h.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace bench {

// Explains the layout `argument` stands for (see read_layout_source) on `out`: its components,
// which OST holds what, remarks a specialist would make, and its bytes. `ost_count` is the number
// of OSTs of the file system, if known. Returns the exit code: 0, or 2 with the reason on `err`.
int layout_show(const std::string& argument, std::optional<std::uint32_t> ost_count,
                std::ostream& out, std::ostream& err);

}  // namespace bench
