// Hand-written dumps of one synthetic run in the three dialects of darshan-dxt-parser.
#pragma once

#include <string>
#include <string_view>

namespace scenarios {

enum class DxtDialect { v331, v347, threads };

// One record's header lines, and rows by row().
class DxtSample {
 public:
  explicit DxtSample(DxtDialect dialect) : dialect_(dialect) {
    text_ = "# darshan log version: 3.21\n# exe: /bin/app\n# nprocs: 3\n# run time: 1.0000\n\n";
  }

  DxtSample& record(std::string_view file, int rank, int writes, int reads,
                    std::string_view fs = "lustre", int id = 0) {
    lustre_ = fs == "lustre";
    rank_ = rank;
    add("\n# DXT, file_id: " + std::to_string(id == 0 ? 11 + static_cast<int>(file.size()) : id) +
        ", file_name: " + std::string(file) + "\n");
    add("# DXT, rank: " + std::to_string(rank) + ", hostname: node" + std::to_string(rank / 2) +
        "\n");
    if (dialect_ == DxtDialect::threads) {
      add("# DXT, number of threads: 1\n");
    }
    add("# DXT, write_count: " + std::to_string(writes) + ", read_count: " + std::to_string(reads) +
        "\n");
    add("# DXT, mnt_pt: /m, fs_type: " + std::string(fs) + "\n");
    if (lustre_ && dialect_ == DxtDialect::v331) {
      add("# DXT, Lustre stripe_size: 1048576, Lustre stripe_count: 2\n"
          "# DXT, Lustre OST obdidx: 4 9\n");
    } else if (lustre_) {
      add("# DXT, Lustre stripe components:\n#\t[Component 1] stripe_ext: 0 - EOF, stripe_size: "
          "1048576, stripe_count: 2, OSTs: 4 9\n");
    }
    add("# Module    Rank  Wt/Rd  Segment          Offset       Length    Start(s)      End(s)\n");
    return *this;
  }

  // `osts`: as printed behind the times on Lustre, such as " [4] [9]".
  DxtSample& row(std::string_view kind, int segment, long offset, long length,
                 std::string_view start, std::string_view end, std::string_view osts = "",
                 std::string_view module = "X_POSIX") {
    add(padded(module, 8) + padded(std::to_string(rank_), 8) + padded(kind, 7) +
        padded(std::to_string(segment), 9) + padded(std::to_string(offset), 16) +
        padded(std::to_string(length), 16) + padded(start, 12) + padded(end, 12) + "  ");
    add(std::string(osts) + (dialect_ == DxtDialect::threads ? "   N/A\n" : "\n"));
    return *this;
  }

  DxtSample& add(std::string_view text) {
    text_ += text;
    return *this;
  }

  std::string text() const { return text_; }

 private:
  static std::string padded(std::string_view text, std::size_t width) {
    return std::string(width - text.size(), ' ') + std::string(text);
  }

  DxtDialect dialect_;
  std::string text_;
  bool lustre_ = false;
  int rank_ = 0;
};

// Two ranks write and read a shared Lustre file; a third only reads a file elsewhere.
inline DxtSample small_run(DxtDialect dialect) {
  DxtSample sample(dialect);
  sample.record("/m/a, b", 0, 2, 1)
      .row("write", 0, 0, 2097152, "0.5000", "0.6000", " [4] [9]")
      .row("write", 1, 4194304, 8, "0.6000", "0.6000", " [4]")
      .row("read", 0, 0, 16, "0.7000", "0.7001", " [4]");
  sample.record("/m/a, b", 1, 1, 1)
      .row("write", 0, 2097152, 2097152, "0.5500", "0.6500", " [4] [9]")
      .row("read", 0, 4194312, 0, "0.9000", "0.9000");
  sample.record("/x/lib.pyc", 2, 0, 2, "rootfs")
      .row("read", 0, 0, 3346, "0.0162", "0.0162")
      .row("read", 1, 3346, 0, "0.0162", "0.0162");
  return sample;
}

}  // namespace scenarios
