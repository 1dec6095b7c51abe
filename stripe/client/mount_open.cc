#include "stripe/client/mount.h"

namespace stripe {

sim::Task<void> Mount::give_back(OpenHandle handle) {
  MdsCloseRequest request;
  request.handle = handle;
  static_cast<void>(co_await mdc_.close(std::move(request)));
}

sim::Task<void> Mount::carry_out(std::shared_ptr<Opening> opening, MdsIntentRequest request) {
  opening->result = co_await mdc_.intent(std::move(request));
  opening->done.set();
  if (opening->abandoned && opening->result.ok()) {
    co_await give_back(opening->result.body->handle);
  }
}

// The open goes on when its caller has gone: the MDT's handle must not stay behind.
sim::Task<MdsResult<MdsIntentReply>> Mount::open_at_mdt(MdsIntentRequest request) {
  struct Caller {
    ~Caller() {
      if (opening->taken) {
        return;
      }
      if (opening->done.is_set() && opening->result.ok()) {
        mount.tasks_.spawn(mount.give_back(opening->result.body->handle), "a file nobody wants");
      }
      opening->abandoned = true;
    }
    Mount& mount;
    std::shared_ptr<Opening> opening;
  };
  const Caller caller{*this, std::make_shared<Opening>(context_.loop)};
  tasks_.spawn(carry_out(caller.opening, std::move(request)), "an open");
  co_await caller.opening->done.wait();
  caller.opening->taken = true;
  co_return std::move(caller.opening->result);
}

sim::Task<Opened> Mount::open(std::string path, OpenFlags flags, std::string layout) {
  Opened opened;
  Outcome& outcome = opened.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  MdsIntentRequest request;
  request.intent = Intent::open;
  request.create = flags.create;
  request.exclusive = flags.exclusive;
  request.write = flags.write;
  request.layout = std::move(layout);
  const auto result = co_await intent(std::move(path), std::move(request), outcome.timeline);
  outcome.status = result.status;
  if (!outcome.ok()) {
    co_return opened;
  }
  const MdsIntentReply& body = *result.body;
  if (body.attr.type == FileType::directory) {
    outcome.status = sim::Errc::is_directory;
  } else {
    Inode& inode = inode_of(body.attr.fid);
    outcome.status = inode.take_layout(body.layout);
    if (outcome.ok()) {
      take_attributes(inode, body.attr);
      opened.file = std::make_unique<File>(*this, inode, body.handle, flags);
      if (policy_) {
        outcome.status = co_await policy_->opened(inode, flags, outcome.timeline);
      }
    } else {
      released(inode);
    }
  }
  if (!outcome.ok()) {
    co_await give_back(body.handle);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return opened;
}

}  // namespace stripe
