/*
 * Earshot plugin ABI, major version 1 (candidate).
 *
 * A plugin is one shared library that knows one product. The host loads it, hands it a table of
 * services (ear_host) and receives a table of operations (ear_plugin). This header is the whole
 * contract in C11; the C++ SDK is a convenience over it and any language with a C FFI will do.
 *
 * Conventions, numbered so that errors and checks can cite them:
 *
 *  ABI-1   Only C types of fixed width cross. Text is UTF-8 as {data, size}, not NUL-terminated;
 *          data may be NULL when size is 0. No exception, panic, longjmp or C++ type crosses in
 *          either direction.
 *
 *  ABI-2   The library exports one symbol, ear_entry_v1. Everything else is hidden.
 *
 *  ABI-3   Tables and growable structs begin with `size`, the sizeof known to whoever filled it.
 *          Members are only ever appended, and a released member never changes its meaning. Read a
 *          late member only after EAR_HAS says it is there. Array elements that carry `size` are
 *          strided by the first element's `size`.
 *
 *  ABI-4   No ownership crosses. What is passed in is borrowed until the callee returns; the callee
 *          copies what it keeps. What the host returns lives as its comment says. Nobody frees the
 *          other side's memory.
 *
 *  ABI-5   Every function carries a tag:
 *          [any]      from any thread, at any time while the library is loaded;
 *          [call]     only inside the call that received the ear_call, on the thread that runs it;
 *          [suspend]  as [call], and the call may sleep here for as long as the host sees fit: hold
 *                     no lock and no thread-local borrow, and do not call it while unwinding.
 *          Only [suspend] functions wait. Whether a call runs on a thread, on a fiber or in a child
 *          process is the host's choice and cannot be told from inside.
 *
 *  ABI-6   Calls into one opened instance come one at a time, perhaps each on another thread. The
 *          host may open several instances of one integration; they share nothing but the host.
 *
 *  ABI-7   Cancellation and deadlines are sticky. Once a [suspend] function answered EAR_CANCELLED,
 *          EAR_DEADLINE, EAR_YIELDED or EAR_SINK_CLOSED, every later one answers the same at once.
 *          The plugin passes the code up and returns within 2 seconds. Its stack is never unwound
 *          by force. A plugin never makes these codes up: one that the host did not give is
 *          EAR_MISUSE.
 *
 *  ABI-8   A plugin opens no socket, file, thread, process or signal handler, does not sleep and
 *          does not read a clock: `http`, `sleep` and `now` are how it does these things.
 *
 *  ABI-9   Secrets stay in the host. Requests are authorized by the host as the manifest declares;
 *          the configuration a plugin reads has secret members removed unless the manifest asks for
 *          one.
 *
 *  ABI-10  A code that a host function answered is passed up unchanged. A plugin that finds a fault
 *          of its own says so with `fail` and returns the code that `fail` returns.
 */
#ifndef EARSHOT_ABI_H
#define EARSHOT_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EAR_ABI_MAJOR 1 /* in the symbol's name: a break ships ear_entry_v2 beside ear_entry_v1 */
#define EAR_ABI_MINOR 0 /* counts appended members; for messages only, never a gate */

/* True when `table`, filled by the other side, is large enough to contain `member`. */
#define EAR_HAS(table, member) \
  ((table)->size >= offsetof(__typeof__(*(table)), member) + sizeof((table)->member))

#if defined(__GNUC__)
#define EAR_EXPORT __attribute__((visibility("default")))
#else
#define EAR_EXPORT
#endif

/* The ELF section that holds the manifest's JSON text, readable without running the plugin. */
#define EAR_MANIFEST_SECTION ".earshot.manifest"

/* ---- Values (frozen for ever: these never grow) ---------------------------------------------- */

typedef struct ear_str { /* UTF-8 text */
  const char* data;
  uint64_t size; /* bytes */
} ear_str;

typedef struct ear_bytes {
  const uint8_t* data;
  uint64_t size;
} ear_bytes;

typedef struct ear_pair {
  ear_str key;
  ear_str value;
} ear_pair;

/* A response (or any other JSON document) held by the host; 0 is none. Immutable. Lives until
 * released or until the call that got it ends; what was emitted from it keeps its own reference. */
typedef uint64_t ear_resp;

/* One value inside a JSON document. Passed by value; valid as long as its document. */
typedef struct ear_value {
  ear_resp resp;
  uint32_t node;
  uint32_t kind; /* EAR_JSON_* */
} ear_value;

enum {
  EAR_JSON_ABSENT = 0, /* nothing there: a missing member, or the end of an iteration */
  EAR_JSON_NULL = 1,
  EAR_JSON_FALSE = 2,
  EAR_JSON_TRUE = 3,
  EAR_JSON_NUMBER = 4, /* its text is the source token, so 64-bit and larger ids stay exact */
  EAR_JSON_STRING = 5,
  EAR_JSON_ARRAY = 6,
  EAR_JSON_OBJECT = 7
};

/* Microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t ear_time;
#define EAR_TIME_NONE INT64_MIN

typedef struct ear_call ear_call;         /* host's: one running operation */
typedef struct ear_instance ear_instance; /* plugin's: one opened integration */

/* ---- Codes ----------------------------------------------------------------------------------- */

/* What an operation came to. The comment says when to answer it and what the host then does.
 * A host treats a code it does not know as EAR_INTERNAL. */
typedef int32_t ear_rc;
enum {
  EAR_OK = 0,
  EAR_CANCELLED = 1,    /* sticky; the operator or a shutdown stopped the call. Run: cancelled */
  EAR_DEADLINE = 2,     /* sticky; the call's time is over. Run: failed, resumes at its cursor */
  EAR_CONFIG = 3,       /* configuration is wrong; name the key. Not retried until it changes */
  EAR_AUTH = 4,         /* credentials refused. Run fails; the operator is asked for new ones */
  EAR_AUTH_EXPIRED = 5, /* credentials were good once and cannot be renewed; needs_reauth */
  EAR_FORBIDDEN = 6,    /* credentials good, permission or plan lacking; name which */
  EAR_NOT_FOUND = 7,    /* the product says that this object or account is not there */
  EAR_RATE_LIMITED = 8, /* the product still refuses after the host waited as told */
  EAR_NETWORK = 9,      /* no answer: name resolution, connection, TLS, time-out */
  EAR_UPSTREAM = 10,    /* the product failed (5xx) beyond the host's retries */
  EAR_BAD_DATA = 11,    /* an answer that does not have the documented shape */
  EAR_BAD_CURSOR = 12, /* the stored cursor is not readable any more. The host fetches again without
                          it: that of the stream named by `problem`, else of the one read last */
  EAR_BAD_SIGNATURE = 13, /* a delivery is not from the product */
  EAR_SINK_CLOSED = 14,   /* sticky; the host has all it asked for (a limit). Run: completed */
  EAR_LIMIT = 15,         /* a bound of the host was exceeded: memory, body size, cursor size */
  EAR_MISUSE = 16,        /* this contract was broken by the caller: a bug in the plugin */
  EAR_UNSUPPORTED = 17,   /* this operation does not exist here */
  EAR_INTERNAL = 18,      /* anything else; a bug in plugin or host */
  EAR_YIELDED = 19, /* sticky; quota is used up for longer than a call may wait. Run: yielded */
  EAR_CONFLICT = 20 /* the product refused because the object changed or already exists */
};

enum { EAR_LOG_DEBUG = 0, EAR_LOG_INFO = 1, EAR_LOG_WARN = 2, EAR_LOG_ERROR = 3 };

/* A fault in words. */
typedef struct ear_failure {
  uint32_t size;
  ear_rc rc;      /* never EAR_OK */
  int32_t status; /* HTTP status, 0 where none */
  uint32_t reserved;
  int64_t retry_after_ms; /* -1 where not known */
  ear_str message;        /* for the operator: what, where, what to do; no secret */
  ear_resp resp;          /* the response it was found in, or 0 */
} ear_failure;

/* ---- Requests -------------------------------------------------------------------------------- */

enum {
  EAR_HTTP_ANY_STATUS = 1u << 0, /* answer EAR_OK for every final status; the caller judges */
  EAR_HTTP_NO_AUTH = 1u << 1,    /* send no credentials */
  EAR_HTTP_RAW = 1u << 2         /* a 2xx body need not be JSON */
};

/* How safe it is to send the request twice. BY_METHOD: GET, HEAD, OPTIONS read; PUT, DELETE
 * idempotent; the rest unsafe. An unsafe request is repeated only when it surely was not executed
 * or carries an idempotency key. A POST that only searches is EAR_SAFETY_READ. */
enum {
  EAR_SAFETY_BY_METHOD = 0,
  EAR_SAFETY_READ = 1,
  EAR_SAFETY_IDEMPOTENT = 2,
  EAR_SAFETY_UNSAFE = 3
};

enum {
  EAR_BODY_NONE = 0,
  EAR_BODY_BYTES = 1,    /* parts[0].bytes, with parts[0].content_type */
  EAR_BODY_FORM = 2,     /* application/x-www-form-urlencoded: name and bytes of each part */
  EAR_BODY_MULTIPART = 3 /* multipart/form-data */
};

typedef struct ear_part {
  uint32_t size;
  uint32_t reserved;
  ear_str name;         /* form and multipart */
  ear_str filename;     /* multipart; empty for none */
  ear_str content_type; /* bytes and multipart; empty means application/json for bytes */
  ear_bytes bytes;
} ear_part;

typedef struct ear_request {
  uint32_t size;
  uint32_t flags;        /* EAR_HTTP_* */
  ear_str method;        /* "GET", "POST", ... */
  ear_str endpoint;      /* a name under the manifest's `endpoints`; empty means "api" */
  ear_str path;          /* begins with '/', may carry an encoded query; or an absolute URL from the
                            product on a declared host, which is reduced to path and query */
  const ear_pair* query; /* encoded by the host and appended */
  uint64_t query_count;
  const ear_pair* headers;
  uint64_t header_count;
  uint32_t body_kind; /* EAR_BODY_* */
  uint32_t safety;    /* EAR_SAFETY_* */
  const ear_part* parts;
  uint64_t part_count;
  ear_str bucket_key;      /* narrows limits declared per key, such as a ticket's id */
  ear_str idempotency_key; /* sent in the header the manifest names */
  uint32_t cost;           /* requests this one counts for; 0 means 1 */
  uint32_t timeout_ms;     /* for the whole exchange; 0 means none but the host's own */
  ear_str link;       /* instead of endpoint and path: a name under the manifest's `links` ... */
  ear_resp link_resp; /* ... and the response ... */
  ear_str link_at;    /* ... and JSON pointer in it where the product put the URL */
} ear_request;

typedef struct ear_response {
  uint32_t size;
  int32_t status;
  ear_resp id;
  uint32_t attempts; /* requests sent, retries included */
  uint32_t reserved;
  uint64_t waited_ms; /* for limits and between retries */
  ear_str why; /* the message of this answer's failure, or empty; lives until the call ends */
} ear_response;

/* ---- Records --------------------------------------------------------------------------------- */

enum {
  EAR_EMIT_EACH = 1u << 0,      /* `at` is an array: emit every element */
  EAR_EMIT_ABSENT_OK = 1u << 1, /* a missing or null `at` is no items; else it is EAR_BAD_DATA */
  EAR_EMIT_TOMBSTONE = 1u << 2  /* the items are gone in the product: only id and time are used */
};

/* THREAD is what several people said to each other: a JSON array of {"by","at","text","format"},
 * the format "text" or "html". The host puts it in the order of time, each message below who said
 * it. */
enum { EAR_TEXT_PLAIN = 0, EAR_TEXT_HTML = 1, EAR_TEXT_JSON = 2, EAR_TEXT_THREAD = 3 };

/* Another document that the mapping may look things up in, as `$name`. */
typedef struct ear_ref {
  ear_str name; /* without the '$' */
  ear_resp resp;
  ear_str at; /* JSON pointer in `resp`; empty is the whole document */
} ear_ref;

/* A field the plugin worked out itself; goes before the manifest's mapping of that field. */
typedef struct ear_field {
  ear_str name; /* "content", "source_id", "metadata.parts", ... */
  ear_str value;
  uint32_t format; /* EAR_TEXT_*; JSON only for metadata.* */
  uint32_t reserved;
} ear_field;

typedef struct ear_emit {
  uint32_t size;
  uint32_t flags;  /* EAR_EMIT_* */
  ear_resp resp;   /* 0: only `fields` */
  ear_str at;      /* JSON pointer to the item, or with EACH to the array; empty is the document */
  ear_str mapping; /* a name under the manifest's `records` */
  const ear_ref* refs;
  uint64_t ref_count;
  const ear_field* fields;
  uint64_t field_count;
} ear_emit;

typedef struct ear_emitted {
  uint32_t size;
  uint32_t reserved;
  uint64_t taken;    /* accepted, to be stored */
  uint64_t rejected; /* kept aside with a reason */
  uint64_t outside;  /* not in the window the user asked for */
} ear_emitted;

enum { EAR_KNOWN_NEW = 0, EAR_KNOWN_OLDER = 1, EAR_KNOWN_SAME = 2 };

/* ---- Arguments of plugin operations ---------------------------------------------------------- */

typedef struct ear_fetch {
  uint32_t size;
  uint32_t flags; /* none defined */
  ear_time from;  /* window [from, to) as a hint to fetch less; the host keeps it exactly. */
  ear_time to;    /* EAR_TIME_NONE where open */
  uint64_t limit; /* a hint for page sizes; 0 is none. The host cuts, see EAR_SINK_CLOSED */
} ear_fetch;

typedef struct ear_webhook {
  uint32_t size;
  uint32_t reserved;
  ear_str url;    /* where the product shall deliver */
  ear_resp state; /* JSON object of what was last reported for this integration (hook_id, ...) */
} ear_webhook;

/* ---- Host services --------------------------------------------------------------------------- */

/* Walking JSON that the host has parsed. All [call], none waits, none fails: what is not there is
 * EAR_JSON_ABSENT or an empty string. */
typedef struct ear_json {
  uint32_t size;
  uint32_t reserved;
  /* The document's root; ABSENT if the response is not JSON. [call] */
  ear_value (*root)(ear_call*, ear_resp);
  /* The value at an RFC 6901 pointer below `value`; empty is `value` itself. [call] */
  ear_value (*at)(ear_call*, ear_value value, ear_str pointer);
  /* A string's text, a number's source token, "true" or "false"; else empty. Lives as long as the
   * document. [call] */
  ear_str (*text)(ear_call*, ear_value value);
  /* Elements of an array or members of an object; else 0. [call] */
  uint64_t (*count)(ear_call*, ear_value value);
  /* First element or member value; then the one after, in source order. [call] */
  ear_value (*first)(ear_call*, ear_value value);
  ear_value (*next)(ear_call*, ear_value value);
  /* The name of a value that is an object's member; else empty. [call] */
  ear_str (*key)(ear_call*, ear_value value);
} ear_json;

typedef struct ear_host {
  uint32_t size;
  uint32_t minor;  /* the host's EAR_ABI_MINOR, for messages */
  ear_str version; /* the host's version, for messages. Lives as long as the library */
  const ear_json* json;

  /* A host extension's table by id ("ear.name/1"), or NULL. [any] */
  const void* (*extension)(const struct ear_host*, ear_str id);

  /* Sends one request: authorized, limited, retried, decompressed, its JSON parsed once. Fills *out
   * (set out->size first) whenever the product answered, also when the answer is a failure. Without
   * ANY_STATUS a final answer that the manifest's error rules call a failure is returned as its
   * code; a 2xx that is not JSON is EAR_BAD_DATA unless RAW. [suspend] */
  ear_rc (*http)(ear_call*, const ear_request*, ear_response* out);
  /* The same for `n` requests, strided by requests[0].size; the host chooses how many at once.
   * Fills out[i] (strided by out[0].size) and rcs[i]; returns EAR_OK unless a sticky code ended it.
   * [suspend] */
  ear_rc (*http_all)(ear_call*, const ear_request* requests, uint64_t n, ear_response* out,
                     ear_rc* rcs);
  /* The decoded body as it came. Lives as long as the response. [call] */
  ear_bytes (*body)(ear_call*, ear_resp);
  /* A response header by case-insensitive name, or empty. Lives as long as the response. [call] */
  ear_str (*header)(ear_call*, ear_resp, ear_str name);
  /* Gives a response back before the call ends. Unknown or released ids are ignored. [call] */
  void (*release)(ear_call*, ear_resp);

  /* The integration's configuration as a JSON document, defaults filled in, secrets removed but
   * those that the manifest's `reads_secrets` names. The id is valid during this call. [call] */
  ear_resp (*config)(ear_call*);

  /* Hands items over to be mapped, normalized and stored. May wait while the host's window is full.
   * A page of ten or more of which every item is rejected is EAR_BAD_DATA. [suspend] */
  ear_rc (*emit)(ear_call*, const ear_emit*, ear_emitted* out);
  /* For each of n ids of `mapping` whether it is EAR_KNOWN_NEW, _OLDER than `versions[i]` or _SAME,
   * so that details are fetched only for what changed. versions[i] as the mapping's `version` field
   * would read. [suspend] */
  ear_rc (*known)(ear_call*, ear_str mapping, const ear_str* ids, const ear_str* versions,
                  uint64_t n, uint8_t* out);
  /* Says that everything emitted so far belongs before `cursor` of `stream` ("" is the default
   * stream). Accepted in order; durable with or after those records, never before. 1 byte to 64
   * KiB; empty is EAR_MISUSE. Waits only while the window is full. [suspend] */
  ear_rc (*checkpoint)(ear_call*, ear_str stream, ear_bytes cursor);
  /* The stored cursor of a stream, empty where there is none. Lives until the call ends. [suspend]
   */
  ear_rc (*cursor)(ear_call*, ear_str stream, ear_bytes* out);
  /* Records that one stream failed while others go on: the run completes with problems. Sticky
   * codes are not problems and are answered unchanged. EAR_BAD_CURSOR is none: see there. [call] */
  ear_rc (*problem)(ear_call*, ear_str stream, const ear_failure*);

  /* Waits; for polling a product's job, not for retries. [suspend] */
  ear_rc (*sleep)(ear_call*, uint64_t milliseconds);
  /* Says why this call fails; the last one before the return counts. Returns failure->rc. [call] */
  ear_rc (*fail)(ear_call*, const ear_failure*);
  /* The message of the failure that a host function last answered, or empty. Until the next host
   * function. [call] */
  ear_str (*why)(ear_call*);
  /* One result of the call. Keys: account_id, account_name, base_url, hook_id, manual, and while
   * fetching `total`: how many items the product says this fetch comes to, in digits, for people
   * who wait; again whenever it is known better. Others are EAR_MISUSE. `authenticate` must report
   * account_id. [call] */
  ear_rc (*report)(ear_call*, ear_str key, ear_str value);
  /* Writes to the run's log; secrets are redacted by the host. [any] */
  void (*log)(ear_call*, int32_t level, ear_str message, const ear_pair* fields, uint64_t n);
  /* UTC now. [any] */
  ear_time (*now)(const ear_call*);
  /* EAR_OK while the call may go on, else the sticky code. [any] */
  ear_rc (*stopping)(const ear_call*);
  /* Memory for this call, freed by the host when it ends; NULL beyond the call's budget of 64 MiB.
   * `align` is a power of two. [call] */
  void* (*alloc)(ear_call*, uint64_t size, uint64_t align);
  /* Puts a secret (a signing secret, a token) under this integration's name into the vault, durable
   * on return. There is no way to read one. `expires` may be EAR_TIME_NONE. [suspend] */
  ear_rc (*secret_put)(ear_call*, ear_str name, ear_str value, ear_time expires);
} ear_host;

/* ---- The plugin ------------------------------------------------------------------------------ */

typedef struct ear_plugin {
  uint32_t size;
  uint32_t minor; /* the EAR_ABI_MINOR it was built with, for messages */
  ear_str sdk;    /* what it was built with, for messages ("earshot-cpp 0.1.0") */

  /* The text of the embedded manifest. Static. [any] */
  ear_str (*manifest)(void);
  /* The manifest's `name`: the source of every record. Static. [any] */
  ear_str (*source_name)(void);
  /* The manifest's required config members, as they stand there, joined by commas. Static. [any] */
  ear_str (*required_config)(void);

  /* Opens one integration; cheap, without network. On failure *out stays NULL. [suspend] */
  ear_rc (*open)(const ear_host*, ear_call*, ear_instance** out);
  /* Ends an instance. Calls no host function and cannot fail. [any] */
  void (*close)(ear_instance*);

  /* Proves that the credentials work and reports account_id and account_name. [suspend] */
  ear_rc (*authenticate)(ear_instance*, ear_call*);
  /* Emits what is new since the stored cursors and checkpoints as it goes. [suspend] */
  ear_rc (*fetch_feedback)(ear_instance*, ear_call*, const ear_fetch*);
  /* Makes the product deliver to a URL, however often it is called: one webhook. Reports hook_id,
   * or `manual` with the steps a person must take. [suspend] */
  ear_rc (*register_webhook)(ear_instance*, ear_call*, const ear_webhook*);

  /* A plugin extension's table by id ("ear.actions/1"), or NULL. [any] */
  const void* (*extension)(ear_str id);
} ear_plugin;

/* The one exported symbol. Pure: no side effect, the same pointer every time; NULL with *why_not
 * set to static text if this host will not do (its table too small, an extension missing). [any] */
EAR_EXPORT const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not);
typedef const ear_plugin* ear_entry_fn(const ear_host* host, ear_str* why_not);

#ifdef __cplusplus
}
#endif

#endif /* EARSHOT_ABI_H */
