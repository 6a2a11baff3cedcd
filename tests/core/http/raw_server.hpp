#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace earshot::core {

/// A TCP connection that blocks, for tests that speak bytes.
class RawConnection {
 public:
  explicit RawConnection(int descriptor) noexcept : descriptor_(descriptor) {}
  RawConnection(RawConnection&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection() { close(); }

  [[nodiscard]] static RawConnection to(std::uint16_t port);

  /// Until the empty line behind a head; empty if the other side closed before.
  std::string read_head();
  /// What comes next; empty if the other side has closed.
  std::string read_some();
  /// Until the other side closes or resets.
  std::string read_all();
  /// False if the other side has gone.
  bool write(std::string_view bytes);
  /// Ends reading and writing, here and by others who use the connection now.
  void shut_down();
  void close();
  void reset();

 private:
  int descriptor_;
};

/// A server that does with each connection what it is told, on a thread of its own.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&, int connection)>;

  explicit RawServer(Script script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int connections() const noexcept { return accepted_; }

 private:
  void accept();

  Script script_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace earshot::core
