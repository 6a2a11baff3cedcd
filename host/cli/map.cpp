#include <memory>
#include <string>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/manifest/manifest.hpp>
#include <earshot/core/normalize/mapping.hpp>

#include "record_format.hpp"
#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

struct MapArguments {
  std::string manifest;
  std::string sample;
  std::string record;
  std::string at;
};

constexpr std::uint64_t kMaxSample = 64U << 20;

Result<core::Manifest> read_manifest_file(const std::string& file) {
  EAR_TRY(const std::string text, core::read_file(file, kMaxSample));
  core::ManifestReading reading = core::read_manifest(text);
  if (reading.manifest) return *std::move(reading.manifest);
  return Error{
      .code = core::Code::config,
      .message = fmt::format("{}: {}: {}; 'earshot manifest lint' shows all of its mistakes", file,
                             reading.issues.front().path, reading.issues.front().message)};
}

/// The record to map to: the one that was named, or the only one there is.
Result<core::JsonValue> record_of(const core::Manifest& manifest, const std::string& name) {
  const core::JsonValue records = manifest.records();
  if (name.empty() && records.size() == 1) return *records.begin();
  const core::JsonValue found = records.member(name);
  if (found.exists()) return found;
  std::string names;
  for (const core::JsonValue record : records) (names += names.empty() ? "" : ", ") += record.key();
  return Error{.code = core::Code::config,
               .message = fmt::format("name a record with --record; there are: {}", names)};
}

void print_mapped(const Program& program, const core::Mapped& mapped,
                  const core::Manifest& manifest) {
  if (!mapped.record) {
    core::JsonWriter out;
    out.begin_object();
    out.member("rejected", mapped.rejected);
    out.end_object();
    say("{}\n", program.options().json ? out.take() : "rejected: " + mapped.rejected);
    return;
  }
  core::JsonWriter out(program.options().json ? core::JsonWriter::Style::compact
                                              : core::JsonWriter::Style::pretty);
  core::StoredRecord shown;
  shown.source = manifest.name;
  shown.integration = "sample";
  shown.record = *mapped.record;
  write_record(out, shown);
  say("{}\n", out.take());
  for (const core::UnknownValue& unknown : mapped.unknown_values)
    say(stderr, "{}: no word for '{}'\n", unknown.field, unknown.value);
}

Result<void> map_sample(Program& program, const MapArguments& arguments) {
  EAR_TRY(const core::Manifest manifest, read_manifest_file(arguments.manifest));
  EAR_TRY(const core::JsonValue spec, record_of(manifest, arguments.record));
  EAR_TRY(std::string text, core::read_file(arguments.sample, kMaxSample));
  EAR_TRY(const std::unique_ptr<core::JsonDocument> sample,
          core::JsonDocument::parse(std::move(text)));
  std::vector<core::SchemaIssue> issues;
  const std::unique_ptr<core::Mapping> mapping =
      core::Mapping::compile(spec.key(), spec, core::JsonValue(), issues);
  const core::JsonValue found = sample->root().at(arguments.at);
  if (!found.exists()) {
    return Error{.code = core::Code::config,
                 .message = fmt::format("{} has nothing at '{}'", arguments.sample, arguments.at)};
  }
  core::Mapping::Session session(*mapping);
  const auto print = [&](core::JsonValue item) {
    core::MappingInput input;
    input.item = item;
    input.refs.emplace_back("page", sample->root());
    print_mapped(program, session.apply(input), manifest);
  };
  if (!found.is_array()) {
    print(found);
  } else {
    for (const core::JsonValue item : found) print(item);
  }
  return {};
}

}  // namespace

void add_map(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<MapArguments>();
  CLI::App* verb = app.add_subcommand("map", "Show what a manifest's mapping makes of a sample");
  verb->add_option("manifest", arguments->manifest, "manifest.json")->required();
  verb->add_option("sample", arguments->sample, "JSON: one item, or a page with --at")->required();
  verb->add_option("--record", arguments->record,
                   "Which of the manifest's records; not needed where there is one");
  verb->add_option(
      "--at", arguments->at,
      "JSON pointer to an item or an array of items in the sample; the sample itself is $page");
  verb->footer("Example:\n  earshot map plugins/zendesk/manifest.json page.json --at /tickets");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = map_sample(program, *arguments);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host
