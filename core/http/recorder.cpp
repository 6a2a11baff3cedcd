#include <algorithm>
#include <array>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/version.hpp>
#include <earshot/core/http/recorder.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {
namespace {

constexpr std::array<std::string_view, 2> kOfRequests = {"Accept", "Content-Type"};
constexpr std::array<std::string_view, 7> kNotOfAnswers = {
    "Set-Cookie",        "Set-Cookie2", "Content-Encoding", "Content-Length",
    "Transfer-Encoding", "Connection",  "Keep-Alive"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view one : names) {
    if (iequals(one, name)) return true;
  }
  return false;
}

void write_pair(JsonWriter& out, std::string_view name, std::string_view value) {
  out.begin_object();
  out.member("name", name);
  out.member("value", value);
  out.end_object();
}

template <typename Wanted>
void write_headers(JsonWriter& out, const HttpHeaders& headers, Wanted wanted) {
  out.key("headers");
  out.begin_array();
  for (const auto& field : headers) {
    if (wanted(field.first)) write_pair(out, field.first, field.second);
  }
  out.end_array();
}

void write_query(JsonWriter& out, std::string_view target) {
  const std::size_t question = target.find('?');
  out.key("queryString");
  out.begin_array();
  if (question != target.npos) {
    for (const std::string_view part : split(target.substr(question + 1), '&')) {
      const std::size_t equals = std::min(part.find('='), part.size());
      const std::string_view value = part.substr(std::min(equals + 1, part.size()));
      if (!part.empty())
        write_pair(out, percent_decode(part.substr(0, equals)), percent_decode(value));
    }
  }
  out.end_array();
}

void write_size(JsonWriter& out, const std::string& body) {
  out.member("headersSize", -1);
  out.member("bodySize", body.size());
}

void write_request(JsonWriter& out, const HttpRequest& request) {
  out.key("request");
  out.begin_object();
  out.member("method", request.method);
  out.member("url", request.origin.scheme + "://" + request.origin.authority() + request.target);
  out.member("httpVersion", "HTTP/1.1");
  out.key("cookies");
  out.begin_array();
  out.end_array();
  write_headers(out, request.headers,
                [](std::string_view name) { return is_one_of(kOfRequests, name); });
  write_query(out, request.target);
  if (!request.body.empty()) {
    out.key("postData");
    out.begin_object();
    out.member("mimeType", request.headers.get("Content-Type"));
    out.member("text", request.body);
    out.end_object();
  }
  write_size(out, request.body);
  out.end_object();
}

void write_content(JsonWriter& out, const HttpResponse& response) {
  const bool text = is_valid_utf8(response.body);
  out.key("content");
  out.begin_object();
  out.member("size", response.body.size());
  out.member("mimeType", response.headers.get("Content-Type"));
  out.member("text", text ? response.body : base64_encode(response.body));
  if (!text) out.member("encoding", "base64");
  out.end_object();
}

void write_response(JsonWriter& out, const HttpResponse& response) {
  out.key("response");
  out.begin_object();
  out.member("status", response.status);
  out.member("statusText", "");
  out.member("httpVersion", "HTTP/1.1");
  out.key("cookies");
  out.begin_array();
  out.end_array();
  write_headers(out, response.headers,
                [](std::string_view name) { return !is_one_of(kNotOfAnswers, name); });
  write_content(out, response);
  out.member("redirectURL", response.headers.get("Location"));
  write_size(out, response.body);
  out.end_object();
}

void write_exchange(JsonWriter& out, const RecordedExchange& exchange) {
  out.begin_object();
  out.member("startedDateTime", rfc3339(exchange.at));
  out.member("time", 0);
  write_request(out, exchange.request);
  write_response(out, exchange.response);
  out.key("cache");
  out.begin_object();
  out.end_object();
  out.key("timings");
  out.begin_object();
  for (const char* phase : {"send", "wait", "receive"}) out.member(phase, 0);
  out.end_object();
  out.end_object();
}

}  // namespace

RecordingTransport::RecordingTransport(std::unique_ptr<Transport> behind, const Clock& clock,
                                       Keep keep)
    : behind_(std::move(behind)), clock_(clock), keep_(std::move(keep)) {}

RecordingTransport::~RecordingTransport() = default;

std::unique_ptr<Transport::Exchange> RecordingTransport::send(HttpRequest request, Done done) {
  RecordedExchange exchange{.request = request, .response = {}, .at = clock_.now()};
  return behind_->send(std::move(request),
                       [keep = keep_, exchange = std::move(exchange),
                        told = std::move(done)](TransportResult result) mutable {
                         if (result.response) {
                           exchange.response = *result.response;
                           keep(std::move(exchange));
                         }
                         Done now = std::move(told);  // may destroy this function
                         now(std::move(result));
                       });
}

std::string write_cassette(const std::vector<RecordedExchange>& exchanges,
                           std::string_view comment) {
  JsonWriter out(JsonWriter::Style::pretty);
  out.begin_object();
  out.key("log");
  out.begin_object();
  out.member("version", "1.2");
  out.key("creator");
  out.begin_object();
  out.member("name", "earshot");
  out.member("version", version());
  out.end_object();
  out.member("comment", comment);
  out.key("entries");
  out.begin_array();
  for (const RecordedExchange& exchange : exchanges) write_exchange(out, exchange);
  out.end_array();
  out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace earshot::core
