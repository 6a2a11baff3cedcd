#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/http/server.hpp>

#include "sandbox/served_product.hpp"

namespace earshot::sandbox {

struct SandboxOptions {
  ProductSetup setup;      ///< For every product; its `now` is when their accounts stand.
  core::Micros shift{0};   ///< How far the products' time is ahead of the clock.
  std::uint16_t port = 0;  ///< Of the first product, the next ones follow; 0 takes free ones.
  bool tls = false;        ///< With a certificate made for the occasion.
  bool gzip = false;       ///< Compress answers for those who accept it.
  bool warm = false;       ///< Prepare every answer before being ready, for benches.
  std::vector<Fault> faults{};
};

/// All simulated products, each served on its own port of 127.0.0.1 for as long as this lives.
class Sandbox {
 public:
  /// `clock` outlives it.
  [[nodiscard]] static core::Result<std::unique_ptr<Sandbox>> start(const SandboxOptions& options,
                                                                    const core::Clock& clock);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// {"ready":true,"products":{NAME:{"base_url","config","credentials","truth_url",...}}}, one
  /// line.
  [[nodiscard]] std::string ready_line() const;
  /// Where the product of that name is served; empty if there is none.
  [[nodiscard]] std::string base_url(std::string_view product) const;

 private:
  struct Served;
  Sandbox() = default;
  core::Result<void> make_certificate();
  core::Result<void> serve(const ProductEntry& entry, const SandboxOptions& options,
                           const core::Clock& clock);

  core::SelfSigned certificate_;
  std::string ca_file_;  ///< Removed with this; empty without TLS.
  std::vector<std::unique_ptr<Served>> served_;
};

}  // namespace earshot::sandbox
