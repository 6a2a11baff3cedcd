#include "resolver.hpp"

#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <earshot/core/base/freed.hpp>
#include <earshot/core/http/client.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kThreads = 8;
constexpr std::size_t kStack = 256U << 10;

using Infos = std::unique_ptr<::addrinfo, Freed<::freeaddrinfo>>;

}  // namespace

Resolver::Resolver(LookUp look_up)
    : look_up_(std::move(look_up)), threads_("resolver", kThreads, kStack) {}

void Resolver::find(Loop& loop, std::string host, Callback<void(Addresses)> found) {
  threads_.run([this, &loop, host = std::move(host), found = std::move(found)]() mutable {
    loop.post([addresses = look_up_(host), found = std::move(found)]() mutable {
      found(std::move(addresses));
    });
  });
}

Resolver::Addresses look_up_host(const std::string& host) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  ::addrinfo* first = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &first);
  const Infos infos(first);
  if (failure != 0) {
    return Error{.code = Code::network,
                 .message = fmt::format("cannot resolve {}: {}; check the name and your DNS", host,
                                        ::gai_strerror(failure))};
  }
  std::vector<std::string> addresses;
  for (const ::addrinfo* info = first; info != nullptr; info = info->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

std::shared_ptr<Resolver> share_resolver() {
  return std::make_shared<Resolver>(look_up_host);
}

}  // namespace earshot::core
