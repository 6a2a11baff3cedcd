/// The ABI's functions that hand records and cursors over.

#include <algorithm>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/thread.hpp>

#include "host_functions.hpp"

namespace earshot::core {

using sdk::view;

namespace {

constexpr std::size_t kMaxCursor = std::size_t{64} << 10;
constexpr std::size_t kMaxEmitted = 100'000;

std::string_view bytes_of(ear_bytes bytes) noexcept {
  return bytes.size == 0 ? std::string_view{}
                         : std::string_view{reinterpret_cast<const char*>(bytes.data), bytes.size};
}

}  // namespace

ear_rc HostFunctions::emit(ear_call* handle, const ear_emit* emit, ear_emitted* out) {
  PluginCall& call = of(handle);
  if (emit == nullptr || out == nullptr) return call.misuse("emit without arguments");
  if (call.context_.sink == nullptr) return not_fetching(call);
  if (emit->size < sizeof(ear_emit) || out->size < sizeof(ear_emitted))
    return call.misuse("emit: `size` of what is emitted or of the answer is not set (ABI-3)");
  Result<Emission> emission = read_emission(call, *emit);
  if (!emission) return call.answer(emission.error());
  Result<EmissionCounts> counts = EmissionCounts{};
  const Code code = call.suspend([&] {
    if (const Result<void> read = read_threads(*emit, *emission); !read) {
      counts = read.error();
      return call.wake();
    }
    call.context_.sink->emit(
        *emission, call.awaited<Result<EmissionCounts>>([&](Result<EmissionCounts> result) {
          counts = std::move(result);
          call.wake();
        }));
  });
  if (code != Code::ok) return call.answer_stopped();
  if (!counts) return call.answer(counts.error());
  const std::uint32_t size = out->size;
  *out = {.size = size,
          .reserved = 0,
          .taken = counts->taken,
          .rejected = counts->rejected,
          .outside = counts->outside};
  return EAR_OK;
}

Result<ComputedField> HostFunctions::read_field(const ear_field& field) {
  if (field.format > EAR_TEXT_THREAD)
    return Error{.code = Code::misuse, .message = "emit: unknown field format"};
  const auto format = field.format == EAR_TEXT_THREAD
                          ? ComputedField::Format::plain
                          : static_cast<ComputedField::Format>(field.format);
  return ComputedField{text_of(field.name), text_of(field.value), format};
}

Result<void> HostFunctions::read_threads(const ear_emit& emit, Emission& emission) {
  for (std::uint64_t i = 0; i < emit.field_count; ++i) {
    if (emit.fields[i].format != EAR_TEXT_THREAD) continue;
    ComputedField& field = emission.computed[i];
    Result<std::string> text = thread_to_text(field.value);
    if (!text) {
      return Error{.code = Code::misuse,
                   .message = "emit: '" + field.name + "' " + text.error().message};
    }
    field.value = *std::move(text);
  }
  return {};
}

Result<Emission> HostFunctions::read_emission(const PluginCall& call, const ear_emit& emit) {
  if ((emit.field_count != 0 && emit.fields == nullptr) ||
      (emit.ref_count != 0 && emit.refs == nullptr))
    return Error{.code = Code::misuse, .message = "emit: a count without its array"};
  Emission emission;
  emission.mapping = view(emit.mapping);
  emission.tombstone = (emit.flags & EAR_EMIT_TOMBSTONE) != 0;
  for (std::uint64_t i = 0; i < emit.field_count; ++i) {
    const ear_field& field = emit.fields[i];
    if (!Mapping::is_field(view(field.name))) {
      return Error{.code = Code::misuse,
                   .message = "emit: a record has no field '" + shorten(view(field.name), 60) +
                              "'; what is the product's own goes to 'metadata.NAME'"};
    }
    EAR_TRY(ComputedField computed, read_field(field));
    emission.computed.push_back(std::move(computed));
  }
  for (std::uint64_t i = 0; i < emit.ref_count; ++i) {
    const PluginCall::Held* held = call.held(emit.refs[i].resp);
    if (held == nullptr || !held->json) {
      return Error{.code = Code::misuse,
                   .message = "emit: ref '" + text_of(emit.refs[i].name) + "' is no JSON response"};
    }
    emission.refs.emplace_back(text_of(emit.refs[i].name),
                               held->json->root().at(view(emit.refs[i].at)));
  }
  EAR_CHECK(read_items(call, emit, emission));
  return emission;
}

Result<void> HostFunctions::read_items(const PluginCall& call, const ear_emit& emit,
                                       Emission& emission) {
  if (emit.resp == 0) {
    emission.items.emplace_back();
    return {};
  }
  const PluginCall::Held* held = call.held(emit.resp);
  if (held == nullptr) return Error{.code = Code::misuse, .message = "emit: unknown response"};
  const std::string_view at = view(emit.at);
  const JsonValue found = held->json ? held->json->root().at(at) : JsonValue();
  const bool each = (emit.flags & EAR_EMIT_EACH) != 0;
  if (!found.exists() || found.is_null()) {
    if ((emit.flags & EAR_EMIT_ABSENT_OK) != 0) return {};
    return Error{.code = Code::bad_data, .message = "the answer has nothing at " + std::string(at)};
  }
  if (!each) {
    emission.items.push_back(found);
    return {};
  }
  if (!found.is_array()) {
    return Error{.code = Code::bad_data,
                 .message = "the answer has no array at " + std::string(at)};
  }
  if (found.size() > kMaxEmitted) {
    return Error{.code = Code::limit,
                 .message = "more than 100,000 items in one answer at " + std::string(at)};
  }
  emission.items.reserve(found.size());
  for (const JsonValue item : found) emission.items.push_back(item);
  return {};
}

ear_rc HostFunctions::known(ear_call* handle, ear_str mapping, const ear_str* ids,
                            const ear_str* versions, std::uint64_t n, std::uint8_t* out) {
  PluginCall& call = of(handle);
  if (call.context_.sink == nullptr) return not_fetching(call);
  if (n != 0 && (ids == nullptr || versions == nullptr || out == nullptr))
    return call.misuse("known without ids");
  std::vector<std::string> id_texts;
  std::vector<std::string> version_texts;
  for (std::uint64_t i = 0; i < n; ++i) {
    id_texts.push_back(text_of(ids[i]));
    version_texts.push_back(text_of(versions[i]));
  }
  Result<std::vector<Known>> answers = std::vector<Known>{};
  const Code code = call.suspend([&] {
    call.context_.sink->known(
        view(mapping), std::move(id_texts), version_texts,
        call.awaited<Result<std::vector<Known>>>([&](Result<std::vector<Known>> result) {
          answers = std::move(result);
          call.wake();
        }));
  });
  if (code != Code::ok) return call.answer_stopped();
  if (!answers) return call.answer(answers.error());
  std::transform(answers->begin(), answers->end(), out,
                 [](Known known) { return static_cast<std::uint8_t>(known); });
  return EAR_OK;
}

ear_rc HostFunctions::checkpoint(ear_call* handle, ear_str stream, ear_bytes cursor) {
  PluginCall& call = of(handle);
  if (call.context_.sink == nullptr) return not_fetching(call);
  if (cursor.size == 0)
    return call.misuse(
        "checkpoint with an empty cursor: the product gave none where there is more to fetch; "
        "nothing is lost, report it to the plugin's author");
  if (cursor.size > kMaxCursor) {
    return call.answer({.code = Code::limit, .message = "a cursor is larger than 64 KiB"});
  }
  return settle(call, [&](Callback<void(Result<void>)> done) {
    call.context_.sink->checkpoint(text_of(stream), std::string(bytes_of(cursor)), std::move(done));
  });
}

ear_rc HostFunctions::cursor(ear_call* handle, ear_str stream, ear_bytes* out) {
  PluginCall& call = of(handle);
  if (call.context_.sink == nullptr) return not_fetching(call);
  if (out == nullptr) return call.misuse("cursor without a place for the answer");
  const std::string name = text_of(stream);
  const Code code = call.suspend([&] {
    call.cursors_read_[name] = call.context_.sink->cursor(name);
    call.wake();
  });
  if (code != Code::ok) return call.answer_stopped();
  *out = sdk::borrow_bytes(call.cursors_read_[name]);
  return EAR_OK;
}

ear_rc HostFunctions::problem(ear_call* handle, ear_str stream, const ear_failure* failure) {
  PluginCall& call = of(handle);
  if (call.context_.sink == nullptr) return not_fetching(call);
  if (failure == nullptr || failure->rc == EAR_OK) return call.misuse("problem without a failure");
  if (const Code code = call.sticky(); code != Code::ok) return static_cast<ear_rc>(code);
  call.context_.loop->post([sink = call.context_.sink, name = text_of(stream),
                            error = to_error(call, *failure)] { sink->problem(name, error); });
  return EAR_OK;
}

ear_rc HostFunctions::not_fetching(PluginCall& call) {
  return call.answer(
      {.code = Code::unsupported, .message = "records and cursors belong to fetch_feedback"});
}

}  // namespace earshot::core
