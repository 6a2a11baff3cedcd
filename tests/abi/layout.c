/* Where every member of the ABI lies on the 64-bit systems that plugins are for, and what every
 * constant is. Lines are only ever added. */

#include <earshot/abi.h>

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define MEMBER(type, member, at) \
  _Static_assert(offsetof(type, member) == (at), "offset of " #type "." #member)
#define VALUE(name, value) _Static_assert((name) == (value), #name)

SIZE(ear_str, 16);
MEMBER(ear_str, data, 0);
MEMBER(ear_str, size, 8);

SIZE(ear_bytes, 16);
MEMBER(ear_bytes, data, 0);
MEMBER(ear_bytes, size, 8);

SIZE(ear_pair, 32);
MEMBER(ear_pair, key, 0);
MEMBER(ear_pair, value, 16);

SIZE(ear_value, 16);
MEMBER(ear_value, resp, 0);
MEMBER(ear_value, node, 8);
MEMBER(ear_value, kind, 12);

SIZE(ear_failure, 48);
MEMBER(ear_failure, size, 0);
MEMBER(ear_failure, rc, 4);
MEMBER(ear_failure, status, 8);
MEMBER(ear_failure, reserved, 12);
MEMBER(ear_failure, retry_after_ms, 16);
MEMBER(ear_failure, message, 24);
MEMBER(ear_failure, resp, 40);

SIZE(ear_part, 72);
MEMBER(ear_part, size, 0);
MEMBER(ear_part, reserved, 4);
MEMBER(ear_part, name, 8);
MEMBER(ear_part, filename, 24);
MEMBER(ear_part, content_type, 40);
MEMBER(ear_part, bytes, 56);

SIZE(ear_request, 192);
MEMBER(ear_request, size, 0);
MEMBER(ear_request, flags, 4);
MEMBER(ear_request, method, 8);
MEMBER(ear_request, endpoint, 24);
MEMBER(ear_request, path, 40);
MEMBER(ear_request, query, 56);
MEMBER(ear_request, query_count, 64);
MEMBER(ear_request, headers, 72);
MEMBER(ear_request, header_count, 80);
MEMBER(ear_request, body_kind, 88);
MEMBER(ear_request, safety, 92);
MEMBER(ear_request, parts, 96);
MEMBER(ear_request, part_count, 104);
MEMBER(ear_request, bucket_key, 112);
MEMBER(ear_request, idempotency_key, 128);
MEMBER(ear_request, cost, 144);
MEMBER(ear_request, timeout_ms, 148);
MEMBER(ear_request, link, 152);
MEMBER(ear_request, link_resp, 168);
MEMBER(ear_request, link_at, 176);

SIZE(ear_response, 48);
MEMBER(ear_response, size, 0);
MEMBER(ear_response, status, 4);
MEMBER(ear_response, id, 8);
MEMBER(ear_response, attempts, 16);
MEMBER(ear_response, reserved, 20);
MEMBER(ear_response, waited_ms, 24);
MEMBER(ear_response, why, 32);

SIZE(ear_ref, 40);
MEMBER(ear_ref, name, 0);
MEMBER(ear_ref, resp, 16);
MEMBER(ear_ref, at, 24);

SIZE(ear_field, 40);
MEMBER(ear_field, name, 0);
MEMBER(ear_field, value, 16);
MEMBER(ear_field, format, 32);
MEMBER(ear_field, reserved, 36);

SIZE(ear_emit, 80);
MEMBER(ear_emit, size, 0);
MEMBER(ear_emit, flags, 4);
MEMBER(ear_emit, resp, 8);
MEMBER(ear_emit, at, 16);
MEMBER(ear_emit, mapping, 32);
MEMBER(ear_emit, refs, 48);
MEMBER(ear_emit, ref_count, 56);
MEMBER(ear_emit, fields, 64);
MEMBER(ear_emit, field_count, 72);

SIZE(ear_emitted, 32);
MEMBER(ear_emitted, size, 0);
MEMBER(ear_emitted, reserved, 4);
MEMBER(ear_emitted, taken, 8);
MEMBER(ear_emitted, rejected, 16);
MEMBER(ear_emitted, outside, 24);

SIZE(ear_fetch, 32);
MEMBER(ear_fetch, size, 0);
MEMBER(ear_fetch, flags, 4);
MEMBER(ear_fetch, from, 8);
MEMBER(ear_fetch, to, 16);
MEMBER(ear_fetch, limit, 24);

SIZE(ear_webhook, 32);
MEMBER(ear_webhook, size, 0);
MEMBER(ear_webhook, reserved, 4);
MEMBER(ear_webhook, url, 8);
MEMBER(ear_webhook, state, 24);

SIZE(ear_json, 64);
MEMBER(ear_json, size, 0);
MEMBER(ear_json, reserved, 4);
MEMBER(ear_json, root, 8);
MEMBER(ear_json, at, 16);
MEMBER(ear_json, text, 24);
MEMBER(ear_json, count, 32);
MEMBER(ear_json, first, 40);
MEMBER(ear_json, next, 48);
MEMBER(ear_json, key, 56);

SIZE(ear_host, 200);
MEMBER(ear_host, size, 0);
MEMBER(ear_host, minor, 4);
MEMBER(ear_host, version, 8);
MEMBER(ear_host, json, 24);
MEMBER(ear_host, extension, 32);
MEMBER(ear_host, http, 40);
MEMBER(ear_host, http_all, 48);
MEMBER(ear_host, body, 56);
MEMBER(ear_host, header, 64);
MEMBER(ear_host, release, 72);
MEMBER(ear_host, config, 80);
MEMBER(ear_host, emit, 88);
MEMBER(ear_host, known, 96);
MEMBER(ear_host, checkpoint, 104);
MEMBER(ear_host, cursor, 112);
MEMBER(ear_host, problem, 120);
MEMBER(ear_host, sleep, 128);
MEMBER(ear_host, fail, 136);
MEMBER(ear_host, why, 144);
MEMBER(ear_host, report, 152);
MEMBER(ear_host, log, 160);
MEMBER(ear_host, now, 168);
MEMBER(ear_host, stopping, 176);
MEMBER(ear_host, alloc, 184);
MEMBER(ear_host, secret_put, 192);

SIZE(ear_plugin, 96);
MEMBER(ear_plugin, size, 0);
MEMBER(ear_plugin, minor, 4);
MEMBER(ear_plugin, sdk, 8);
MEMBER(ear_plugin, manifest, 24);
MEMBER(ear_plugin, source_name, 32);
MEMBER(ear_plugin, required_config, 40);
MEMBER(ear_plugin, open, 48);
MEMBER(ear_plugin, close, 56);
MEMBER(ear_plugin, authenticate, 64);
MEMBER(ear_plugin, fetch_feedback, 72);
MEMBER(ear_plugin, register_webhook, 80);
MEMBER(ear_plugin, extension, 88);

VALUE(EAR_JSON_ABSENT, 0);
VALUE(EAR_JSON_NULL, 1);
VALUE(EAR_JSON_FALSE, 2);
VALUE(EAR_JSON_TRUE, 3);
VALUE(EAR_JSON_NUMBER, 4);
VALUE(EAR_JSON_STRING, 5);
VALUE(EAR_JSON_ARRAY, 6);
VALUE(EAR_JSON_OBJECT, 7);
VALUE(EAR_OK, 0);
VALUE(EAR_CANCELLED, 1);
VALUE(EAR_DEADLINE, 2);
VALUE(EAR_CONFIG, 3);
VALUE(EAR_AUTH, 4);
VALUE(EAR_AUTH_EXPIRED, 5);
VALUE(EAR_FORBIDDEN, 6);
VALUE(EAR_NOT_FOUND, 7);
VALUE(EAR_RATE_LIMITED, 8);
VALUE(EAR_NETWORK, 9);
VALUE(EAR_UPSTREAM, 10);
VALUE(EAR_BAD_DATA, 11);
VALUE(EAR_BAD_CURSOR, 12);
VALUE(EAR_BAD_SIGNATURE, 13);
VALUE(EAR_SINK_CLOSED, 14);
VALUE(EAR_LIMIT, 15);
VALUE(EAR_MISUSE, 16);
VALUE(EAR_UNSUPPORTED, 17);
VALUE(EAR_INTERNAL, 18);
VALUE(EAR_YIELDED, 19);
VALUE(EAR_CONFLICT, 20);
VALUE(EAR_LOG_DEBUG, 0);
VALUE(EAR_LOG_INFO, 1);
VALUE(EAR_LOG_WARN, 2);
VALUE(EAR_LOG_ERROR, 3);
VALUE(EAR_HTTP_ANY_STATUS, 1);
VALUE(EAR_HTTP_NO_AUTH, 2);
VALUE(EAR_HTTP_RAW, 4);
VALUE(EAR_SAFETY_BY_METHOD, 0);
VALUE(EAR_SAFETY_READ, 1);
VALUE(EAR_SAFETY_IDEMPOTENT, 2);
VALUE(EAR_SAFETY_UNSAFE, 3);
VALUE(EAR_BODY_NONE, 0);
VALUE(EAR_BODY_BYTES, 1);
VALUE(EAR_BODY_FORM, 2);
VALUE(EAR_BODY_MULTIPART, 3);
VALUE(EAR_EMIT_EACH, 1);
VALUE(EAR_EMIT_ABSENT_OK, 2);
VALUE(EAR_EMIT_TOMBSTONE, 4);
VALUE(EAR_TEXT_PLAIN, 0);
VALUE(EAR_TEXT_HTML, 1);
VALUE(EAR_TEXT_JSON, 2);
VALUE(EAR_TEXT_THREAD, 3);
VALUE(EAR_KNOWN_NEW, 0);
VALUE(EAR_KNOWN_OLDER, 1);
VALUE(EAR_KNOWN_SAME, 2);
VALUE(EAR_TIME_NONE, INT64_MIN);
VALUE(EAR_ABI_MAJOR, 1);
VALUE(EAR_ABI_MINOR, 0);
