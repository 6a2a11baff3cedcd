#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sandbox/fault.hpp"
#include "sandbox/product.hpp"
#include "sandbox/request_log.hpp"
#include "sandbox/shifted_clock.hpp"

namespace earshot::sandbox {

/// A product with what tests need round it: faults, a log of requests, and the control endpoints
/// under /_sandbox/, where no product has a path. docs/reference/sandbox.md lists them.
/// [one thread at a time]
class ServedProduct {
 public:
  /// `clock` outlives it; `shift` puts the product's time ahead of that clock.
  ServedProduct(const ProductEntry& entry, ProductSetup setup, const core::Clock& clock,
                core::Micros shift = {});

  [[nodiscard]] core::HttpReply handle(const core::HttpIncoming& request);
  void add_fault(Fault fault) { faults_.add(std::move(fault)); }
  [[nodiscard]] SimulatedProduct& product() noexcept { return *product_; }

 private:
  core::HttpReply serve(const core::HttpIncoming& request);
  core::HttpReply misbehave(const Fault& fault, const core::HttpIncoming& request);
  core::HttpReply repeat_page(const core::HttpIncoming& request);
  core::HttpReply control(const core::HttpIncoming& request);
  core::HttpReply control_faults(const core::HttpIncoming& request);
  core::HttpReply control_requests(const core::HttpIncoming& request);
  core::HttpReply control_change(const core::HttpIncoming& request);
  core::HttpReply control_clock(const core::HttpIncoming& request);
  core::HttpReply control_reset();

  ProductFactory make_;
  ProductSetup setup_;
  ShiftedClock clock_;
  std::unique_ptr<SimulatedProduct> product_;
  FaultPlan faults_;
  RequestLog log_;
  struct Page {
    std::string target;
    std::string body;
  };
  std::map<std::string, Page, std::less<>> last_page_;  ///< What was read last, by its path.
};

}  // namespace earshot::sandbox
