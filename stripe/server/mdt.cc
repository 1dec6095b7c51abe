#include "stripe/server/mdt.h"

namespace stripe {

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

Mdt::Mdt(sim::Loop& loop, transport::Network& network, transport::Address address,
         transport::Address own_address, sim::Host& host, MetaStore& meta, ObjectStore* data,
         std::vector<transport::Address> osts, MdtOptions options)
    : loop_(loop),
      host_(host),
      meta_(meta),
      data_(data),
      options_(std::move(options)),
      chooser_(static_cast<std::uint32_t>(osts.size()), options_.pools, loop.rng("ost_chooser")),
      endpoint_(loop, network, own_address),
      server_(loop, network, address, *this),
      locks_(loop, server_, cachemodel::LockType::inode_bits, options_.locks,
             [this](const cachemodel::ResourceName& resource) {
               return describe_data(fid_of(resource));
             }),
      lock_handler_(loop, host_, locks_, options_.io.glimpse),
      service_(loop, "MDT0000", options_.threads, transport::make_fifo(), *this),
      cancels_(loop, "MDT0000.cancels", options_.cancel_threads, transport::make_fifo(), *this),
      tasks_(loop) {
  for (std::uint32_t i = 0; i < osts.size(); ++i) {
    stocks_.push_back(std::make_unique<Precreate>(endpoint_, osts[i], i, options_.precreate));
  }
  if (data_ != nullptr) {
    io_handler_.emplace(host_, *data_, options_.io);
    io_service_.emplace(loop, "MDT0000.io", options_.threads, transport::make_fifo(),
                        static_cast<transport::Handler&>(*this));
  }
}

Mdt::~Mdt() = default;

void Mdt::start() {
  for (const auto& stock : stocks_) {
    stock->start();
  }
  refresh_space();
}

// Of a file that keeps data here.
std::optional<ObjectInfo> Mdt::describe_data(Fid fid) const {
  const auto attr = data_ == nullptr ? sim::Result<ObjectAttr>(sim::Error{sim::Errc::not_found, ""})
                                     : data_->attr({fid.seq, fid.oid});
  if (!attr.ok()) {
    return std::nullopt;
  }
  return ObjectInfo{attr->size, attr->allocated, attr->mtime_ns, 0};
}

transport::Service* Mdt::route(const transport::Message& request, transport::NrsKey& key) {
  switch (request.header.opcode) {
    case kLdlmEnqueue:
    case kMdsClose:
    case kMdsReint:
    case kMdsReadpage:
    case kMdsSync:
    case kLdlmExtent:
      return &service_;
    case kLdlmCancel:
    case kLdlmConvert:
      return &cancels_;
    case kOstRead:
    case kOstWrite:
    case kOstGetattr:
    case kOstPunch:
    case kOstSync:
      key = IoHandler::key(request);
      key.urgent = is_urgent(request);
      return io_service_ ? &*io_service_ : nullptr;
    default:
      return nullptr;
  }
}

// I/O under a lock that is called back.
bool Mdt::is_urgent(const transport::Message& request) const {
  if (request.header.opcode == kOstWrite) {
    return locks_.urgent(request.from, static_cast<const OstWriteRequest&>(*request.body).object);
  }
  return request.header.opcode == kOstRead &&
         locks_.urgent(request.from, static_cast<const OstReadRequest&>(*request.body).object);
}

sim::Task<transport::Reply> Mdt::handle(transport::Request& request) {
  if (request.header().replay) {
    return replay(request);
  }
  switch (request.header().opcode) {
    case kMdsClose:
      return close(request);
    case kMdsReint:
      return reint(request);
    case kMdsReadpage:
      return readpage(request);
    case kLdlmExtent:
      return lock_handler_.enqueue(request);
    case kLdlmCancel:
      return lock_handler_.cancel(request);
    case kLdlmConvert:
      return lock_handler_.convert(request);
    case kMdsSync:
      return sync(request);
    case kLdlmEnqueue:
      return intent(request);
    default:
      return handle_data(request);
  }
}

// What the router sends to the service of data, which is there then.
sim::Task<transport::Reply> Mdt::handle_data(transport::Request& request) {
  return journal_ && request.header().opcode == kOstSync ? sync_data(request)
                                                         : io_handler_->handle(request);
}

sim::Task<transport::Reply> Mdt::sync(transport::Request& request) {
  request.charge(co_await host_.perform_for(options_.lookup));
  if (journal_) {
    co_await journal_->sync();
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<MdsSyncReply>(), false, {}};
}

sim::Task<transport::Reply> Mdt::sync_data(transport::Request& request) {
  transport::Reply reply = co_await io_handler_->handle(request);
  if (reply.status == sim::Errc::ok) {
    co_await journal_->sync();
  }
  co_return reply;
}

transport::Reply Mdt::refuse(sim::Errc status) {
  ++counts_.refused;
  // bad_handle in a header means "I do not know this connection"; a bad file handle is another
  // thing.
  const bool handle = status == sim::Errc::bad_handle;
  return {handle ? sim::Errc::invalid_argument : status, nullptr, false, {}};
}

}  // namespace stripe
