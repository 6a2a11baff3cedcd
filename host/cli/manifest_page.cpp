#include "manifest_page.hpp"

#include <iterator>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::host {

namespace {

using core::JsonValue;

/// A page that grows by paragraphs and tables.
class Page {
 public:
  template <typename... T>
  void line(fmt::format_string<T...> text, T&&... values) {
    fmt::format_to(std::back_inserter(text_), text, std::forward<T>(values)...);
    text_ += '\n';
  }
  void row(const std::vector<std::string>& cells) {
    text_ += '|';
    for (const std::string& cell : cells) text_ += cell.empty() ? " |" : " " + escaped(cell) + " |";
    text_ += '\n';
  }
  void table(std::string_view title, const std::vector<std::string>& heads) {
    line("\n## {}\n", title);
    row(heads);
    text_ += '|';
    for (std::size_t i = 0; i < heads.size(); ++i) text_ += "---|";
    text_ += '\n';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static std::string escaped(std::string_view cell) {
    std::string out;
    for (const char c : cell) {
      if (c == '|') out += '\\';
      out += c == '\n' ? ' ' : c;
    }
    return out;
  }
  std::string text_;
};

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", text);
}

/// Text as it is, anything else as JSON.
std::string shown(JsonValue value) {
  if (!value.exists()) return {};
  return value.is_string() ? std::string(value.text()) : value.dump();
}

void add_head(Page& page, const core::Manifest& manifest) {
  page.line("# {}\n", manifest.title);
  page.line("<!-- Made from the manifest by `earshot manifest page`; edit that. -->\n");
  page.line(
      "`{}` {} provides {}. ABI {}{}.", manifest.name, manifest.version,
      fmt::join(manifest.provides, ", "), manifest.abi,
      manifest.needs.empty() ? "" : fmt::format("; needs {}", fmt::join(manifest.needs, ", ")));
  if (!manifest.vendor_docs.empty()) {
    page.line("The vendor's documents: <{}>{}.", manifest.vendor_docs,
              manifest.vendor_docs_read.empty() ? "" : ", read " + manifest.vendor_docs_read);
  }
  if (!manifest.setup.empty()) page.line("\n## Set-up\n\n{}", manifest.setup);
}

bool is_required(JsonValue schema, std::string_view member) {
  for (const JsonValue name : schema.member("required")) {
    if (name.text() == member) return true;
  }
  return false;
}

void add_settings(Page& page, const core::Manifest& manifest) {
  const JsonValue schema = manifest.config_schema();
  page.table("Settings", {"member", "type", "", "default", "variable", "what it is"});
  for (const JsonValue member : schema.member("properties")) {
    const char* need = manifest.is_secret(member.key())    ? "secret"
                       : is_required(schema, member.key()) ? "required"
                                                           : "";
    page.row({code(member.key()), shown(member.member("type")), need,
              code(shown(member.member("default"))), code(member.member("x-env").text()),
              std::string(member.member("title").text())});
  }
}

void add_access(Page& page, const core::Manifest& manifest) {
  page.table("Credentials, one of", {"way", "scheme", "takes"});
  for (const JsonValue way : manifest.document->root().member("auth")) {
    std::vector<std::string> names;
    for (const JsonValue name : way.member("requires")) names.push_back(code(name.text()));
    page.row({std::string(way.member("title").text()), std::string(way.member("scheme").text()),
              fmt::format("{}", fmt::join(names, ", "))});
  }
  page.table("What it may reach", {"name", "where"});
  for (const auto& [name, endpoint] : manifest.endpoints) page.row({name, code(endpoint.url)});
  for (const auto& [name, link] : manifest.links) {
    page.row({"link " + name, link.anywhere ? "any public address"
                                            : fmt::format("{}", fmt::join(link.hosts, ", "))});
  }
  if (manifest.reads_secrets.empty()) {
    page.line("\nIt reads no secret: the host adds the credentials to its requests.");
  } else {
    page.line("\nIt asks to read these secrets: {}.", fmt::join(manifest.reads_secrets, ", "));
  }
}

void add_limits(Page& page, const core::Manifest& manifest) {
  if (manifest.limits.empty()) return;
  page.table("Limits", {"bucket", "requests", "per", "on"});
  for (const core::LimitRule& rule : manifest.limits) {
    page.row({rule.bucket, std::to_string(rule.requests), core::human_duration(rule.per),
              rule.match.empty() ? "every request" : code(rule.match)});
  }
}

void add_record(Page& page, JsonValue record) {
  const std::string kind = shown(record.member("kind"));
  page.table(fmt::format("Record `{}`{}", record.key(), kind.empty() ? "" : ", a " + kind),
             {"field", "from"});
  for (const JsonValue field : record) {
    if (field.key() == "kind") continue;
    if (field.key() != "metadata") {
      page.row({code(field.key()), code(shown(field))});
      continue;
    }
    for (const JsonValue one : field)
      page.row({code(fmt::format("metadata.{}", one.key())), code(shown(one))});
  }
}

void add_webhooks(Page& page, const core::Manifest& manifest) {
  const JsonValue events = manifest.document->root().at("/webhooks/events");
  if (events.size() == 0) return;
  page.table("Events", {"event", "the product's types"});
  for (const JsonValue event : events) page.row({code(event.key()), code(shown(event))});
}

}  // namespace

std::string manifest_page(const core::Manifest& manifest) {
  Page page;
  add_head(page, manifest);
  add_settings(page, manifest);
  add_access(page, manifest);
  add_limits(page, manifest);
  for (const JsonValue record : manifest.records()) add_record(page, record);
  add_webhooks(page, manifest);
  return page.take();
}

}  // namespace earshot::host
