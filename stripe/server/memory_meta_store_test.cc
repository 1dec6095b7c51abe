#include "stripe/server/memory_meta_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Errc;

class Names : public ::testing::Test {
 protected:
  Fid file(Fid directory, const std::string& name) {
    return store_.create(directory, name, FileType::file, 0644, ++now_).value();
  }
  Fid mkdir(Fid directory, const std::string& name) {
    return store_.create(directory, name, FileType::directory, 0755, ++now_).value();
  }
  Errc rename(Fid from, const std::string& name, Fid to, const std::string& new_name) {
    return store_.rename(from, name, to, new_name, ++now_).code();
  }
  Errc unlink(Fid directory, const std::string& name) {
    return store_.unlink(directory, name, ++now_).code();
  }
  bool there(Fid directory, const std::string& name) { return store_.lookup(directory, name).ok(); }
  std::uint32_t nlink(Fid fid) { return store_.attr(fid)->nlink; }

  MemoryMetaStore store_;
  std::int64_t now_ = 0;
};

TEST_F(Names, CreateLookupUnlink) {
  const Fid fid = file(kRootFid, "a");
  EXPECT_EQ(store_.lookup(kRootFid, "a").value(), fid);
  EXPECT_EQ(store_.create(kRootFid, "a", FileType::file, 0, 0).code(), Errc::exists);
  EXPECT_EQ(store_.lookup(kRootFid, "b").code(), Errc::not_found);
  EXPECT_EQ(store_.lookup(fid, "b").code(), Errc::not_directory);
  EXPECT_EQ(store_.create(fid, "b", FileType::file, 0, 0).code(), Errc::not_directory);
  EXPECT_EQ(store_.lookup({1, 2, 3}, "b").code(), Errc::not_found);
  EXPECT_EQ(unlink(kRootFid, "a"), Errc::ok);
  EXPECT_EQ(unlink(kRootFid, "a"), Errc::not_found);
}

TEST_F(Names, AFileWithoutNameStaysUntilForgotten) {
  const Fid fid = file(kRootFid, "a");
  const auto gone = store_.unlink(kRootFid, "a", 9);
  EXPECT_EQ(gone->fid, fid);
  EXPECT_TRUE(gone->last);
  EXPECT_EQ(nlink(fid), 0u);
  store_.forget(fid);
  EXPECT_EQ(store_.attr(fid).code(), Errc::not_found);
}

TEST_F(Names, AFileWithANameIsNotForgotten) {
  const Fid fid = file(kRootFid, "a");
  store_.forget(fid);
  EXPECT_TRUE(store_.attr(fid).ok());
}

TEST_F(Names, DirectoriesCountTheirSubdirectories) {
  const Fid d = mkdir(kRootFid, "d");
  EXPECT_EQ(nlink(kRootFid), 3u);
  EXPECT_EQ(nlink(d), 2u);
  mkdir(d, "e");
  file(d, "f");
  EXPECT_EQ(nlink(d), 3u);
  EXPECT_EQ(unlink(kRootFid, "d"), Errc::not_empty);
  EXPECT_EQ(rename(d, "e", kRootFid, "e"), Errc::ok);
  EXPECT_EQ(nlink(d), 2u);
  EXPECT_EQ(nlink(kRootFid), 4u);
  EXPECT_EQ(unlink(d, "f"), Errc::ok);
  EXPECT_EQ(unlink(kRootFid, "d"), Errc::ok);
  EXPECT_EQ(nlink(kRootFid), 3u);
}

TEST_F(Names, NothingIsMadeInARemovedDirectory) {
  const Fid d = mkdir(kRootFid, "d");
  const Fid e = mkdir(kRootFid, "e");
  file(e, "f");
  EXPECT_EQ(unlink(kRootFid, "d"), Errc::ok);  // its inode is still there, as if it were open
  EXPECT_EQ(store_.create(d, "x", FileType::directory, 0, 0).code(), Errc::not_found);
  EXPECT_EQ(rename(e, "f", d, "f"), Errc::not_found);
  store_.forget(d);
  EXPECT_EQ(rename(e, "f", d, "f"), Errc::not_found);
}

struct RenameCase {
  std::string name;
  std::string from;  // a path of the tree below
  std::string to;
  Errc expected;
};

class Renaming : public Names, public ::testing::WithParamInterface<RenameCase> {
 protected:
  // file, other: files; dir: with dir/file and dir/sub; empty: an empty directory.
  Renaming() {
    file(kRootFid, "file");
    file(kRootFid, "other");
    paths_["dir"] = mkdir(kRootFid, "dir");
    file(paths_["dir"], "file");
    paths_["dir/sub"] = mkdir(paths_["dir"], "sub");
    paths_["empty"] = mkdir(kRootFid, "empty");
    paths_["other"] = store_.lookup(kRootFid, "other").value();
    paths_["gone"] = {7, 7, 7};
  }
  std::pair<Fid, std::string> place(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos
               ? std::pair(kRootFid, path)
               : std::pair(paths_.at(path.substr(0, slash)), path.substr(slash + 1));
  }
  std::map<std::string, Fid> paths_;
};

TEST_P(Renaming, FollowsPosix) {
  const auto [from, name] = place(GetParam().from);
  const auto [to, new_name] = place(GetParam().to);
  const auto before = store_.lookup(from, name);
  const auto replaced = store_.lookup(to, new_name);
  const auto result = store_.rename(from, name, to, new_name, 99);
  EXPECT_EQ(result.code(), GetParam().expected);
  if (result.ok()) {
    EXPECT_EQ(store_.lookup(to, new_name).value(), before.value());
    const bool same = GetParam().from == GetParam().to;
    EXPECT_EQ(there(from, name), same);
    EXPECT_EQ(result->fid.valid(), replaced.ok() && !same);
  } else {
    EXPECT_EQ(store_.lookup(from, name).ok(), before.ok());
    EXPECT_EQ(store_.lookup(to, new_name).ok(), replaced.ok());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Renaming,
    ::testing::Values(RenameCase{"FileToNewName", "file", "new", Errc::ok},
                      RenameCase{"FileIntoDirectory", "file", "dir/new", Errc::ok},
                      RenameCase{"FileOverFile", "file", "other", Errc::ok},
                      RenameCase{"FileOverItself", "file", "file", Errc::ok},
                      RenameCase{"FileOverDirectory", "file", "empty", Errc::is_directory},
                      RenameCase{"DirectoryToNewName", "dir", "new", Errc::ok},
                      RenameCase{"DirectoryOverEmptyDirectory", "dir", "empty", Errc::ok},
                      RenameCase{"DirectoryOverFile", "dir", "file", Errc::not_directory},
                      RenameCase{"DirectoryOverFullDirectory", "empty", "dir", Errc::not_empty},
                      RenameCase{"DirectoryIntoItself", "dir", "dir/new", Errc::invalid_argument},
                      RenameCase{"DirectoryBelowItself", "dir", "dir/sub/new",
                                 Errc::invalid_argument},
                      RenameCase{"DirectoryOverItsParent", "dir/sub", "dir", Errc::not_empty},
                      RenameCase{"SubdirectoryUp", "dir/sub", "sub", Errc::ok},
                      RenameCase{"MissingSource", "none", "new", Errc::not_found},
                      RenameCase{"MissingSourceDirectory", "gone/x", "new", Errc::not_found},
                      RenameCase{"MissingTargetDirectory", "file", "gone/x", Errc::not_found},
                      RenameCase{"TargetDirectoryIsAFile", "file", "other/x", Errc::not_directory}),
    [](const auto& p) { return p.param.name; });

class Listing : public Names {
 protected:
  // Names from `cookie` on, a page of at most `max_bytes`.
  std::vector<std::string> page(std::uint64_t& cookie, sim::Bytes max_bytes) {
    const MetaStore::Listing listing = store_.list(kRootFid, cookie, max_bytes).value();
    cookie = listing.next_cookie;
    std::vector<std::string> names;
    for (const DirEntry& entry : listing.entries) {
      names.push_back(entry.name);
    }
    return names;
  }
};

TEST_F(Listing, GivesEveryEntryOnceWhateverThePageSize) {
  for (int i = 0; i < 50; ++i) {
    file(kRootFid, "file" + std::to_string(i));
  }
  for (const sim::Bytes max_bytes : {1u, 40u, 41u, 80u, 1000u, 1u << 20}) {
    std::multiset<std::string> names;
    std::uint64_t cookie = 0;
    do {
      const std::vector<std::string> part = page(cookie, max_bytes);
      EXPECT_FALSE(part.empty());
      names.insert(part.begin(), part.end());
    } while (cookie != 0);
    EXPECT_EQ(names.size(), 50u);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 50u);
  }
}

TEST_F(Listing, AnEmptyDirectoryHasOneEmptyPage) {
  std::uint64_t cookie = 0;
  EXPECT_TRUE(page(cookie, 4096).empty());
  EXPECT_EQ(cookie, 0u);
}

TEST_F(Listing, AFileHasNoEntries) {
  EXPECT_EQ(store_.list(file(kRootFid, "a"), 0, 4096).code(), Errc::not_directory);
  EXPECT_EQ(store_.list({9, 9, 9}, 0, 4096).code(), Errc::not_found);
}

// Entries come and go and change their names between the pages of a scan.
TEST_F(Listing, AnEntryThatStaysIsReturnedExactlyOnceWhateverElseChanges) {
  sim::Rng rng(3);
  for (int round = 0; round < 100; ++round) {
    std::set<std::string> staying;
    std::vector<std::string> others;
    for (int i = 0; i < 30; ++i) {
      const std::string name = "r" + std::to_string(round) + "." + std::to_string(i);
      file(kRootFid, name);
      i % 3 == 0 ? static_cast<void>(staying.insert(name)) : others.push_back(name);
    }
    std::map<std::string, int> seen;
    std::uint64_t cookie = 0;
    int made = 0;
    do {
      for (const std::string& name : page(cookie, 120)) {
        ++seen[name];
      }
      if (!others.empty()) {
        const std::size_t at = rng.below(others.size());
        const std::string name = others[at];
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(at));
        EXPECT_EQ(rng.chance(1, 2) ? unlink(kRootFid, name)
                                   : rename(kRootFid, name, kRootFid, name + ".moved"),
                  Errc::ok);
      }
      if (++made < 10) {
        file(kRootFid, "r" + std::to_string(round) + ".new" + std::to_string(made));
      }
    } while (cookie != 0);
    for (const std::string& name : staying) {
      EXPECT_EQ(seen[name], 1) << name;
    }
    EXPECT_TRUE(std::ranges::all_of(seen, [](const auto& entry) { return entry.second == 1; }));
  }
}

}  // namespace
}  // namespace stripe
