#include "sandbox/http_text.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::sandbox {
namespace {

std::string decode(std::string_view encoded) {
  std::string spaced(encoded);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return core::percent_decode(spaced);
}

}  // namespace

Parameters Parameters::parse(std::string_view encoded) {
  Parameters out;
  for (const std::string_view field : core::split(encoded, '&')) {
    if (field.empty()) continue;
    const std::size_t equals = field.find('=');
    const bool bare = equals == std::string_view::npos;
    out.add(decode(field.substr(0, equals)), bare ? "" : decode(field.substr(equals + 1)));
  }
  return out;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for (const auto& field : fields_) {
    if (field.first == name) found = field.second;
  }
  return found;
}

std::string_view path_of(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

Parameters query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? Parameters() : Parameters::parse(target.substr(mark + 1));
}

std::string media_type(const core::HttpHeaders& headers) {
  const std::string_view field = headers.get("content-type");
  return core::lower(core::trim(field.substr(0, field.find(';'))));
}

core::HttpReply json_reply(int status, std::string body) {
  core::HttpReply reply;
  reply.status = status;
  reply.headers.add("content-type", "application/json; charset=utf-8");
  reply.body = std::move(body);
  return reply;
}

core::HttpReply error_reply(int status, std::string_view error, std::string_view description) {
  core::JsonWriter out;
  out.begin_object();
  out.member("error", error);
  out.member("description", description);
  out.end_object();
  return json_reply(status, out.take());
}

}  // namespace earshot::sandbox
