// What a client does before it is stopped: every operation once, on every path through the client.
#pragma once

#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/client/mount.h"

namespace scenarios {

// A file of another client, of 1 MiB.
inline constexpr const char* kTheirs = "/theirs";

inline void expect_ok(const stripe::Outcome& outcome, const char* what) {
  EXPECT_TRUE(outcome.ok()) << what << ": " << sim::errc_name(outcome.status);
}

// Objects at a second component's first write, room for dirty data, a page that is there in part.
inline sim::Task<void> write_through_cache(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/dir/mine", "-E 256K -c 1 -S 64K -E -1 -c 3 -S 64K", false);
  expect_ok(co_await file->write({0, 3 * sim::kMiB}), "buffered write");
  expect_ok(co_await file->fsync(), "fsync");
  expect_ok(co_await file->write({100, 5000}), "write of parts of pages");
  expect_ok(co_await file->read({0, sim::kMiB}), "read of what is cached");
  expect_ok(co_await file->truncate(sim::kMiB), "truncate");
  expect_ok(co_await file->close(), "close");
}

inline sim::Task<void> read_ahead(stripe::Mount& mount) {
  stripe::Opened opened = co_await mount.open(kTheirs, {});
  expect_ok(opened.outcome, "open");
  for (sim::Bytes at = 0; at < sim::kMiB; at += 128 * sim::kKiB) {
    expect_ok(co_await opened.file->read({at, at + 128 * sim::kKiB}), "read");
  }
  expect_ok(co_await opened.file->close(), "close");
}

inline sim::Task<void> past_the_cache(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/dir/raw", "-c 3 -S 64K", true);
  expect_ok(co_await file->write({0, sim::kMiB}), "direct write");
  expect_ok(co_await file->write({0, 4096}), "short write");
  expect_ok(co_await file->read({0, 2 * sim::kMiB}), "direct read over the end");
  expect_ok(co_await file->close(), "close");
}

inline sim::Task<void> names(stripe::Mount& mount) {
  const stripe::Found found = co_await mount.stat("/dir/mine");
  expect_ok(found.outcome, "stat");
  expect_ok(co_await mount.rename("/dir/mine", "/dir/renamed"), "rename");
  const stripe::Listed listed = co_await mount.readdir("/dir");
  expect_ok(listed.outcome, "readdir");
  expect_ok(co_await mount.unlink("/dir/renamed"), "unlink");
}

inline sim::Task<void> cancel_script(stripe::Mount& mount) {
  expect_ok(co_await mount.mkdir("/dir"), "mkdir");
  co_await write_through_cache(mount);
  co_await read_ahead(mount);
  co_await past_the_cache(mount);
  co_await names(mount);
}

}  // namespace scenarios
