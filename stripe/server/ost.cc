#include "stripe/server/ost.h"

namespace stripe {

Ost::Ost(sim::Loop& loop, transport::Network& network, transport::Address address, std::string name,
         Services services, ObjectStore& store, IoCosts costs, LockOptions locks)
    : loop_(loop),
      name_(std::move(name)),
      services_(services),
      store_(store),
      server_(loop, network, address, *this),
      locks_(loop, server_, cachemodel::LockType::extent, locks,
             [this](const cachemodel::ResourceName& resource) -> std::optional<ObjectInfo> {
               const auto attr = store_.attr(object_of(resource));
               if (!attr.ok()) {
                 return std::nullopt;
               }
               return ObjectInfo{attr->size, attr->allocated, attr->mtime_ns, 0};
             }),
      lock_handler_(loop, services.host, locks_, costs.glimpse),
      costs_(costs),
      grants_(store),
      handler_(services.host, store, costs) {
  handler_.set_grants(&grants_);
}

transport::Service* Ost::route(const transport::Message& request, transport::NrsKey& key) {
  const transport::Opcode opcode = request.header.opcode;
  if (opcode == kOstRead || opcode == kOstWrite) {
    key = IoHandler::key(request);
    const ObjectId object = opcode == kOstRead
                                ? static_cast<const OstReadRequest&>(*request.body).object
                                : static_cast<const OstWriteRequest&>(*request.body).object;
    key.urgent = locks_.urgent(request.from, object);
    return &services_.io;
  }
  if (opcode == kLdlmCancel) {
    return &services_.cancels;
  }
  return opcode == kLdlmExtent || opcode == kOstSetInfo || IoHandler::knows(opcode)
             ? &services_.other
             : nullptr;
}

// A transfer that the server has to lock waits for that without a thread.
std::unique_ptr<transport::Request> Ost::hold_back(std::unique_ptr<transport::Request> request,
                                                   transport::Service& service) {
  return lock_handler_.hold_back(std::move(request), service);
}

std::uint64_t Ost::client_came(transport::Address client, std::uint64_t wanted) {
  grants_.give(client, wanted);
  return grants_.held(client);
}

void Ost::client_gone(transport::Address client) {
  locks_.client_gone(client);
  grants_.drop(client);
}

sim::Task<transport::Reply> Ost::handle(transport::Request& request) {
  if (request.header().replay && server_.recovering()) {
    handler_.make_missing(request);
  }
  switch (request.header().opcode) {
    case kLdlmExtent:
      return lock_handler_.enqueue(request);
    case kLdlmCancel:
      return lock_handler_.cancel(request);
    case kOstSetInfo:
      return shrink(request);
    case kOstSync:
      return sync(request);
    default:
      return handler_.handle(request);
  }
}

sim::Task<transport::Reply> Ost::shrink(transport::Request& request) {
  request.charge(co_await services_.host.perform_for(costs_.object));
  auto reply = std::make_unique<OstSetInfoReply>();
  reply->taken = grants_.shrink(request.message->from, request.body<OstSetInfoRequest>().release);
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

// What had been changed before it is stable when it ends.
sim::Task<transport::Reply> Ost::sync(transport::Request& request) {
  if (!journal_) {
    return handler_.handle(request);
  }
  return journaled_sync(request);
}

sim::Task<transport::Reply> Ost::journaled_sync(transport::Request& request) {
  const Journal::Mark mark = journal_->mark();
  transport::Reply reply = co_await handler_.handle(request);
  if (reply.status == sim::Errc::ok) {
    journal_->stable(mark);
  }
  co_return reply;
}

void Ost::keep_journal(const JournalOptions& options, std::uint64_t last_change,
                       std::uint64_t committed) {
  journal_.emplace(loop_, server_, store_, options.commit_interval);
  server_.number_changes(last_change, committed, [this] { journal_->changed(); });
}

}  // namespace stripe
