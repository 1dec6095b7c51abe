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
      service_(loop, "MDT0000", options_.threads, transport::make_fifo(), *this),
      tasks_(loop) {
  for (std::uint32_t i = 0; i < osts.size(); ++i) {
    stocks_.push_back(std::make_unique<Precreate>(endpoint_, osts[i], i, options_.precreate));
  }
  if (data_ != nullptr) {
    io_handler_.emplace(host_, *data_, options_.io);
    io_service_.emplace(loop, "MDT0000.io", options_.threads, transport::make_fifo(), *io_handler_);
  }
}

Mdt::~Mdt() = default;

void Mdt::start() {
  for (const auto& stock : stocks_) {
    stock->start();
  }
  refresh_space();
}

transport::Service* Mdt::route(const transport::Message& request, transport::NrsKey& key) {
  switch (request.header.opcode) {
    case kLdlmEnqueue:
    case kMdsClose:
    case kMdsReint:
    case kMdsReadpage:
      return &service_;
    case kOstRead:
    case kOstWrite:
    case kOstGetattr:
    case kOstPunch:
    case kOstSync:
      key = IoHandler::key(request);
      return io_service_ ? &*io_service_ : nullptr;
    default:
      return nullptr;
  }
}

sim::Task<transport::Reply> Mdt::handle(transport::Request& request) {
  switch (request.header().opcode) {
    case kMdsClose:
      return close(request);
    case kMdsReint:
      return reint(request);
    case kMdsReadpage:
      return readpage(request);
    default:
      return intent(request);
  }
}

transport::Reply Mdt::refuse(sim::Errc status) {
  ++counts_.refused;
  // bad_handle in a header means "I do not know this connection"; a bad file handle is another
  // thing.
  const bool handle = status == sim::Errc::bad_handle;
  return {handle ? sim::Errc::invalid_argument : status, nullptr, false, {}};
}

}  // namespace stripe
