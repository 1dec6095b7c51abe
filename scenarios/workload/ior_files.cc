// Names as IOR builds them: -F appends the task (".%08d"), -m the repetition, -u a directory per
// task, and several names in -o are dealt to the tasks in turn.
#include <fmt/core.h>

#include <boost/unordered_map.hpp>

#include "scenarios/workload/ior_plan.h"

namespace scenarios {
namespace {

std::vector<std::string_view> split_at_signs(std::string_view names) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = names.find('@');
    parts.push_back(names.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    names.remove_prefix(at + 1);
  }
}

// Splits "dir/file" into "dir/" and "file".
std::pair<std::string_view, std::string_view> split_directory(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  return {path.substr(0, base), path.substr(base)};
}

// Enters names into the plan and remembers what became of the files while tests run in turn.
class FileTable {
 public:
  explicit FileTable(Plan& plan) : plan_(plan) {}

  void add_test(IorTest& test) {
    name_directories(test);
    name_files(test);
    note_what_exists(test);
  }

 private:
  std::uint32_t enter(std::string name, const std::string& layout, bool directory) {
    const auto next = static_cast<std::uint32_t>(plan_.files.size());
    const auto [at, fresh] = index_.emplace(name, next);
    if (fresh) {
      FileSpec file;
      file.name = std::move(name);
      file.layout = layout;
      file.directory = directory;
      plan_.files.push_back(std::move(file));
      size_now_.push_back(0);
    }
    return at->second;
  }

  void name_directories(IorTest& test) {
    const IorOptions& o = test.options;
    if (!o.unique_dir || !o.file_per_process) {
      return;
    }
    const std::string_view parent = split_directory(o.test_file).first;
    for (std::uint32_t owner = 0; owner < test.ranks; ++owner) {
      test.directories.push_back(enter(fmt::format("{}{}", parent, owner), "", true));
    }
  }

  void name_files(IorTest& test) {
    const IorOptions& o = test.options;
    const std::vector<std::string_view> names = split_at_signs(o.test_file);
    const std::string layout = o.layout();
    const std::uint64_t owners = o.file_per_process ? test.ranks : 1;
    const std::uint64_t repetitions = o.multi_file ? o.repetitions : 1;
    for (std::uint64_t repetition = 0; repetition < repetitions; ++repetition) {
      for (std::uint64_t owner = 0; owner < owners; ++owner) {
        std::string name(names[owner % names.size()]);
        if (o.file_per_process) {
          if (o.unique_dir) {
            const auto [directory, base] = split_directory(names.front());
            name = fmt::format("{}{}/{}", directory, owner, base);
          }
          name += fmt::format(".{:08d}", owner);
        }
        if (o.multi_file) {
          name += fmt::format(".{}", repetition);
        }
        test.files.push_back(enter(std::move(name), layout, false));
      }
    }
  }

  void note_what_exists(const IorTest& test) {
    const IorOptions& o = test.options;
    const sim::Bytes full = test.file_size();
    for (const std::uint32_t file : test.files) {
      if (!o.write && size_now_[file] < full) {
        plan_.files[file].preexisting_size = full;
        size_now_[file] = full;
      } else if (o.write) {
        size_now_[file] = full;
      }
      if (!o.keep) {
        size_now_[file] = 0;
      }
    }
    // The directories of a test that only reads must be there as well.
    for (const std::uint32_t directory : test.directories) {
      if (!o.write) {
        plan_.files[directory].preexisting_size = 0;
      }
    }
  }

  Plan& plan_;
  boost::unordered_map<std::string, std::uint32_t> index_;
  std::vector<sim::Bytes> size_now_;  // by file, after the tests so far
};

}  // namespace

void plan_ior_files(std::vector<IorTest>& tests, Plan& plan) {
  FileTable table(plan);
  for (IorTest& test : tests) {
    table.add_test(test);
  }
}

}  // namespace scenarios
