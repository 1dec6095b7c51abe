// How a file is opened.
#pragma once

namespace stripe {

struct OpenFlags {
  bool create = false;
  bool exclusive = false;  // with create: exists if the file does
  bool write = false;
  bool direct = false;  // O_DIRECT: past the page cache
};

}  // namespace stripe
