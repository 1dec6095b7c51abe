// Without intents: what one intent does, one request after another.
#include "stripe/client/mdc.h"

namespace stripe {

using cachemodel::kBitLayout;
using cachemodel::kBitLookup;
using cachemodel::kBitPerm;
using cachemodel::kBitUpdate;

namespace {

MdsIntentRequest plain(Intent intent, const Fid& parent, std::string name) {
  MdsIntentRequest request;
  request.intent = intent;
  request.parent = parent;
  request.name = std::move(name);
  return request;
}

// What the answers to one intent are valid under.
InodeBits bits_for(const MdsIntentRequest& request, FileType type) {
  const InodeBits layout = type == FileType::file ? kBitLayout : 0;
  switch (request.intent) {
    case Intent::lookup:
      return kBitLookup | kBitPerm;
    case Intent::layout:
      return kBitLayout;
    default:
      return kBitLookup | kBitUpdate | kBitPerm | layout;
  }
}

}  // namespace

// One request of several. Its time is part of `total`.
sim::Task<MdsResult<MdsIntentReply>> Mdc::step(MdsIntentRequest request, sim::Timeline& total) {
  MdsResult<MdsIntentReply> result = co_await send(std::move(request));
  total.adopt(result.timeline, sim::Stage::metadata, context_.loop.now());
  co_return result;
}

// A lock on `fid`, if this client keeps any. It may be called back before it is here.
sim::Task<sim::Errc> Mdc::lock_apart(const Fid& fid, InodeBits bits, sim::Timeline& total) {
  if (!locks_) {
    co_return sim::Errc::ok;
  }
  MdsIntentRequest request = plain(Intent::lock, fid, {});
  request.lock = true;
  request.bits = bits;
  const auto result = co_await step(request, total);
  if (result.ok() && !result.forgotten) {
    locks_->granted(request, *result.body);
  }
  co_return result.status;
}

// `result` is about a file that was looked up: its lock, attributes and layout.
sim::Task<void> Mdc::describe_apart(const MdsIntentRequest& request,
                                    MdsResult<MdsIntentReply>& result, sim::Timeline& total) {
  const Fid fid = result.body->attr.fid;
  const InodeBits bits = bits_for(request, result.body->attr.type);
  result.status = co_await lock_apart(fid, bits, total);
  LockHandle lock = locks_ ? locks_->covering(fid, bits) : cachemodel::kNoLock;
  if (result.ok() && request.intent == Intent::open && result.body->handle == 0) {
    MdsIntentRequest open = plain(Intent::open, fid, {});
    open.write = request.write;
    const auto opened = co_await step(std::move(open), total);
    result.status = opened.status;
    result.body->handle = opened.ok() ? opened.body->handle : 0;
  }
  if (result.ok() && request.intent != Intent::layout) {
    const bool named = !request.name.empty();
    const auto told = co_await step(
        plain(named ? Intent::lookup : Intent::getattr, request.parent, request.name), total);
    const bool same = told.ok() && told.body->attr.fid == fid;
    if (same) {
      result.body->attr = told.body->attr;
    } else {
      lock = cachemodel::kNoLock;  // the name leads elsewhere by now: nothing is to be kept
    }
  }
  if (result.ok() && request.intent != Intent::lookup && result.body->attr.type == FileType::file) {
    const auto told = co_await step(plain(Intent::layout, fid, {}), total);
    result.status = told.status;
    result.body->layout = told.ok() ? told.body->layout : std::vector<std::byte>();
  }
  if (result.ok() && lock != cachemodel::kNoLock && locks_->covering(fid, bits) == lock) {
    locks_->learned(request, *result.body, bits);
  }
}

sim::Task<MdsResult<MdsIntentReply>> Mdc::apart(MdsIntentRequest request) {
  sim::Timeline total(context_.loop.now(), sim::Stage::metadata);
  MdsResult<MdsIntentReply> result;
  const bool named = !request.name.empty();
  if (named) {
    result = co_await step(plain(Intent::lookup, request.parent, request.name), total);
  } else if (request.intent == Intent::layout && request.write) {
    result = co_await step(request, total);
  } else {
    result.body = std::make_unique<MdsIntentReply>();
    result.body->attr.fid = request.parent;
    result.body->attr.type =
        request.intent == Intent::layout ? FileType::file : FileType::directory;
  }
  if (result.ok() && named && request.exclusive) {
    result.status = sim::Errc::exists;
    result.body.reset();
  } else if (result.status == sim::Errc::not_found && request.create) {
    result = co_await step(request, total);
  }
  if (result.ok()) {
    co_await describe_apart(request, result, total);
    if (!result.ok() && result.body->handle != 0) {
      co_await give_back(result.body->handle);
    }
  }
  total.finish(context_.loop.now());
  result.timeline = std::move(total);
  co_return result;
}

}  // namespace stripe
