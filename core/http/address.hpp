#pragma once

#include <boost/asio/ip/address.hpp>

namespace earshot::core {

/// False for addresses that lead into this machine, a private network or nowhere: loopback,
/// private, link-local, shared (CGNAT), documentation, benchmarking, multicast and reserved ranges,
/// also where IPv6 wraps such an IPv4 address.
[[nodiscard]] bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace earshot::core
