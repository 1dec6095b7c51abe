#include "stripe/client/mount.h"

namespace stripe {

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
    co_await mdc_.give_back(body.handle);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return opened;
}

}  // namespace stripe
