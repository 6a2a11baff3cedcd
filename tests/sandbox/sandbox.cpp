#include "sandbox/sandbox.hpp"

#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/http/compress.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::size_t kWorthCompressing = 1024;

void compress(core::HttpReply& reply, const core::HttpIncoming& request) {
  const std::string accepted = core::lower(request.headers.get("accept-encoding"));
  if (reply.body.size() < kWorthCompressing || accepted.find("gzip") == std::string::npos) return;
  reply.body = core::gzip_bytes(reply.body);
  reply.headers.set("content-encoding", "gzip");
  if (reply.cut_body_after) reply.cut_body_after = reply.body.size() / 2;
}

void write_way(core::JsonWriter& out, const AccessWay& way) {
  out.key("config");
  out.raw(way.config);
  out.key("credentials");
  out.raw(way.credentials);
}

}  // namespace

struct Sandbox::Served {
  std::string name;
  std::string base_url;
  std::vector<AccessWay> access;
  std::unique_ptr<ServedProduct> product;
  std::unique_ptr<core::HttpServer> server;  ///< After the product, so that it stops first.
};

core::Result<std::unique_ptr<Sandbox>> Sandbox::start(const SandboxOptions& options,
                                                      const core::Clock& clock) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox());
  if (options.tls) EAR_CHECK(sandbox->make_certificate());
  for (const ProductEntry& entry : products()) {
    EAR_CHECK(sandbox->serve(entry, options, clock));
  }
  return sandbox;
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  if (!ca_file_.empty()) std::filesystem::remove(ca_file_, ignored);
}

core::Result<void> Sandbox::make_certificate() {
  EAR_TRY(certificate_, core::make_self_signed("localhost"));
  const std::string name =
      fmt::format("earshot-sandbox-{}.pem", core::hex_encode(core::random_bytes(8)));
  const std::filesystem::path path = std::filesystem::temp_directory_path() / name;
  EAR_CHECK(core::write_file(path, certificate_.certificate_pem, 0644));
  ca_file_ = path.string();
  return {};
}

core::Result<void> Sandbox::serve(const ProductEntry& entry, const SandboxOptions& options,
                                  const core::Clock& clock) {
  auto served = std::make_unique<Served>();
  served->name = entry.name;
  served->product = std::make_unique<ServedProduct>(entry, options.setup, clock, options.shift);
  if (options.warm) served->product->product().warm();
  served->access = served->product->product().access();
  for (const Fault& fault : options.faults) served->product->add_fault(fault);

  core::HttpServerOptions server;
  server.port = options.port == 0 ? std::uint16_t{0}
                                  : static_cast<std::uint16_t>(options.port + served_.size());
  server.tls = options.tls;
  server.certificate_pem = certificate_.certificate_pem;
  server.key_pem = certificate_.key_pem;
  const auto answer = [product = served->product.get(),
                       gzip = options.gzip](const core::HttpIncoming& request) {
    core::HttpReply reply = product->handle(request);
    if (gzip) compress(reply, request);
    return reply;
  };
  EAR_TRY(served->server, core::HttpServer::start(std::move(server), answer));
  served->base_url =
      fmt::format("{}://127.0.0.1:{}", options.tls ? "https" : "http", served->server->port());
  served_.push_back(std::move(served));
  return {};
}

std::string Sandbox::base_url(std::string_view product) const {
  for (const auto& served : served_) {
    if (served->name == product) return served->base_url;
  }
  return "";
}

std::string Sandbox::ready_line() const {
  core::JsonWriter out;
  out.begin_object();
  out.member("ready", true);
  out.key("products");
  out.begin_object();
  for (const auto& served : served_) {
    out.key(served->name);
    out.begin_object();
    out.member("base_url", served->base_url);
    write_way(out, served->access.front());
    out.member("truth_url", served->base_url + "/_sandbox/truth");
    out.member("control_url", served->base_url + "/_sandbox/");
    if (!ca_file_.empty()) out.member("ca_file", ca_file_);
    out.key("alternatives");
    out.begin_array();
    for (const AccessWay& way : served->access) {
      out.begin_object();
      out.member("title", way.title);
      write_way(out, way);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox
