#include "address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace earshot::core {
namespace {

namespace ip = boost::asio::ip;

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::array<Range4, 15> kNotPublic = {{
    {0x00000000, 8},   // "this" network
    {0x0a000000, 8},   // private
    {0x64400000, 10},  // shared address space
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link-local, with the metadata services of clouds
    {0xac100000, 12},  // private
    {0xc0000000, 24},  // protocol assignments
    {0xc0000200, 24},  // documentation
    {0xc0586300, 24},  // 6to4 relays
    {0xc0a80000, 16},  // private
    {0xc6120000, 15},  // benchmarking
    {0xc6336400, 24},  // documentation
    {0xcb007100, 24},  // documentation
    {0xe0000000, 4},   // multicast
    {0xf0000000, 4},   // reserved and broadcast
}};

bool is_public4(std::uint32_t address) noexcept {
  return std::none_of(kNotPublic.begin(), kNotPublic.end(), [address](const Range4& range) {
    return ((address ^ range.network) >> (32 - range.bits)) == 0;
  });
}

using Bytes6 = ip::address_v6::bytes_type;

std::uint32_t four_bytes(const Bytes6& bytes, std::size_t from) noexcept {
  return std::uint32_t{bytes[from]} << 24 | std::uint32_t{bytes[from + 1]} << 16 |
         std::uint32_t{bytes[from + 2]} << 8 | bytes[from + 3];
}

bool all_zero(const Bytes6& bytes, std::size_t from, std::size_t to) noexcept {
  return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                     bytes.begin() + static_cast<std::ptrdiff_t>(to),
                     [](unsigned char byte) { return byte == 0; });
}

bool is_public6(const Bytes6& bytes) noexcept {
  const std::uint32_t head = four_bytes(bytes, 0);
  const std::uint32_t tail = four_bytes(bytes, 12);
  const bool mapped = all_zero(bytes, 0, 10) && bytes[10] == 0xff && bytes[11] == 0xff;
  const bool nat64 = head == 0x0064ff9b && all_zero(bytes, 4, 12);
  if (mapped || nat64) return is_public4(tail);
  if ((bytes[0] & 0xe0) != 0x20) return false;  // all that is not global unicast, 2000::/3
  if (head == 0x20010000) return false;         // Teredo
  if (head == 0x20010db8) return false;         // documentation
  if ((head >> 12) == 0x3fff0) return false;    // documentation
  if ((head >> 16) == 0x2002) return is_public4(four_bytes(bytes, 2));  // 6to4
  return true;
}

}  // namespace

bool is_public(const ip::address& address) noexcept {
  return address.is_v4() ? is_public4(address.to_v4().to_uint())
                         : is_public6(address.to_v6().to_bytes());
}

}  // namespace earshot::core
