#include "record_format.hpp"

#include <string_view>

#include <fmt/format.h>

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

template <typename Enum>
std::optional<std::string> name_of(const std::optional<Enum>& value) {
  return value ? std::optional<std::string>(to_string(*value)) : std::nullopt;
}

constexpr const char* kCsvHeader =
    "source,integration,source_id,kind,title,content,customer_id,customer_email,customer_name,"
    "customer_tier,category,"
    "severity,status,rating_value,rating_max,language,thread_id,created_at,updated_at,url,"
    "metadata\r\n";

/// A CSV cell that no spreadsheet takes for a formula.
std::string cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

std::string csv_row(const core::StoredRecord& stored) {
  const core::Record& record = stored.record;
  const auto number = [](double value) { return fmt::format("{}", value); };
  const std::string cells[] = {stored.source,
                               stored.integration,
                               record.source_id,
                               std::string(to_string(record.kind)),
                               record.title,
                               record.content,
                               record.customer_id.value_or(""),
                               record.customer_email.value_or(""),
                               record.customer_name.value_or(""),
                               name_of(record.customer_tier).value_or(""),
                               std::string(to_string(record.category)),
                               name_of(record.severity).value_or(""),
                               std::string(to_string(record.status)),
                               record.rating ? number(record.rating->value) : "",
                               record.rating ? number(record.rating->max) : "",
                               record.language.value_or(""),
                               record.thread_id.value_or(""),
                               core::rfc3339(record.created_at),
                               core::rfc3339(record.updated_at),
                               record.url.value_or(""),
                               record.metadata};
  std::string row;
  for (const std::string& text : cells) (row += row.empty() ? "" : ",") += cell(text);
  return row + "\r\n";
}

std::string json_of(const core::StoredRecord& stored) {
  core::JsonWriter out;
  write_record(out, stored);
  return out.take();
}

}  // namespace

void write_record(core::JsonWriter& out, const core::StoredRecord& stored) {
  const core::Record& record = stored.record;
  out.begin_object();
  out.member("source", stored.source);
  out.member("integration", stored.integration);
  out.member("source_id", record.source_id);
  out.member("kind", to_string(record.kind));
  out.member("title", record.title);
  out.member("content", record.content);
  out.member("customer_id", record.customer_id);
  out.member("customer_email", record.customer_email);
  out.member("customer_name", record.customer_name);
  out.member("customer_tier", name_of(record.customer_tier));
  out.member("category", to_string(record.category));
  out.member("severity", name_of(record.severity));
  out.member("status", to_string(record.status));
  out.key("rating");
  if (record.rating) {
    out.begin_object();
    out.member("value", record.rating->value);
    out.member("max", record.rating->max);
    out.end_object();
  } else {
    out.null();
  }
  out.member("language", record.language);
  out.member("thread_id", record.thread_id);
  out.member("created_at", core::rfc3339(record.created_at));
  out.member("updated_at", core::rfc3339(record.updated_at));
  out.member("url", record.url);
  out.key("metadata");
  out.raw(record.metadata);
  if (!stored.raw.empty()) {
    out.key("raw");
    out.raw(stored.raw);
  }
  out.end_object();
}

Result<RecordFormat> record_format(const std::string& name) {
  if (name == "ndjson")
    return RecordFormat{
        "", [](const core::StoredRecord& stored, bool) { return json_of(stored) + "\n"; }, ""};
  if (name == "json") {
    return RecordFormat{"[",
                        [](const core::StoredRecord& stored, bool first) {
                          return (first ? "\n" : ",\n") + json_of(stored);
                        },
                        "\n]\n"};
  }
  if (name == "csv")
    return RecordFormat{kCsvHeader,
                        [](const core::StoredRecord& stored, bool) { return csv_row(stored); }, ""};
  return Error{.code = core::Code::config,
               .message = "--format takes ndjson, json or csv, not '" + name + "'"};
}

}  // namespace earshot::host
