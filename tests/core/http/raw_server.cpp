#include "raw_server.hpp"

#include <array>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace earshot::core {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void must(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

RawConnection RawConnection::to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  must(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return RawConnection(descriptor);
}

std::string RawConnection::read_head() {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n")) {
    if (::recv(descriptor_, &byte, 1, 0) != 1) return {};
    head += byte;
  }
  return head;
}

std::string RawConnection::read_some() {
  std::array<char, 16384> piece{};
  const auto size = ::recv(descriptor_, piece.data(), piece.size(), 0);
  return size <= 0 ? std::string() : std::string(piece.data(), static_cast<std::size_t>(size));
}

std::string RawConnection::read_all() {
  std::string all;
  for (std::string piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
  return all;
}

bool RawConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void RawConnection::shut_down() {
  ::shutdown(descriptor_, SHUT_RDWR);
}

void RawConnection::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void RawConnection::reset() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close();
}

RawServer::RawServer(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  must(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  must(::listen(listener_, SOMAXCONN) == 0);
  must(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void RawServer::accept() {
  for (;;) {
    const int descriptor = ::accept(listener_, nullptr, nullptr);
    if (descriptor < 0) return;
    threads_.emplace_back([this, descriptor, index = accepted_++] {
      RawConnection connection(descriptor);
      script_(connection, index);
    });
  }
}

}  // namespace earshot::core
