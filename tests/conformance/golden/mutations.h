/* Where mutants of golden.c do otherwise than golden, which does what stands behind each #else.
 * Included where golden's own helpers are known. */

#if defined(MUTANT_SKIPS_SINGLE_ITEMS) || defined(MUTANT_DROPS_WHAT_THE_LIMIT_CUTS) || \
    defined(MUTANT_NARROWS_THE_WINDOW) || defined(MUTANT_SKIPS_WHAT_CAME_BEFORE) ||    \
    defined(MUTANT_ENDS_AT_WHAT_CAME_BEFORE) || defined(MUTANT_RELIES_ON_THE_ORDER) || \
    defined(MUTANT_SKIPS_WHAT_IS_GONE) || defined(MUTANT_COUNTS_MEMBERS) ||            \
    defined(MUTANT_REFUSES_NEW_WORDS) || defined(MUTANT_DIES_OF_NULL) ||               \
    defined(MUTANT_DIES_OF_A_LIST) || defined(MUTANT_DIES_OF_AN_OBJECT) ||             \
    defined(MUTANT_DIES_OF_A_NUMBER) || defined(MUTANT_DIES_OF_A_FLAG) ||              \
    defined(MUTANT_COUNTS_ITS_FETCHES) || defined(MUTANT_NAMES_ITEMS_BY_PLACE) ||      \
    defined(MUTANT_UPDATES_BEFORE_IT_CREATES) || defined(MUTANT_CUTS_TEXT) ||          \
    defined(MUTANT_RATES_TOO_HIGH) || defined(MUTANT_HANDS_OVER_FIELDS_ALONE) ||       \
    defined(MUTANT_ENDS_TEXT_AT_A_NUL) || defined(MUTANT_CUTS_IDS_AT_A_SLASH)
#define MUTANT_LOOKS_AT_ITEMS
#endif

#ifdef MUTANT_COUNTS_ITS_FETCHES
static uint64_t fetches;
#endif

#if defined(MUTANT_LEAKS_AN_INSTANCE) || defined(MUTANT_LEAKS_A_PAGE) || \
    defined(MUTANT_LEAKS_ON_FAILURE) || defined(MUTANT_LEAKS_AN_ACCOUNT)
static void* volatile kept;
#endif

/* What a mutant remembers from one function to the next within a call, which has a thread of its
 * own. */
static _Thread_local struct {
  const ear_fetch* fetch;
  uint64_t handed_over; /* in this fetch */
  int overlooked;       /* a failure that is taken for the end */
  int ends;             /* whatever the page says */
  char next[MOST_CURSOR];
  uint64_t next_size;
  char seen[16][MOST_CURSOR]; /* ids of this fetch */
  uint64_t seen_size[16];
  uint64_t seen_count;
} state;

static inline void begin(const ear_fetch* fetch) {
  memset(&state, 0, sizeof state);
  state.fetch = fetch;
#ifdef MUTANT_COUNTS_ITS_FETCHES
  ++fetches;
#endif
}

static inline ear_rc read_cursor(const ear_host* host, ear_call* call, ear_bytes* cursor) {
#ifdef MUTANT_FORGETS_ITS_CURSOR
  (void)host;
  (void)call;
  *cursor = (ear_bytes){NULL, 0};
  return EAR_OK;
#else
  return host->cursor(call, STR(""), cursor);
#endif
}

/* ---- Authenticating ---- */

/* What the product said of the account, as this mutant takes it. */
static inline ear_rc account_answered(ear_rc rc, ear_response* me) {
#if defined(MUTANT_TAKES_SILENCE_FOR_AN_ACCOUNT)
  if (rc == EAR_NETWORK) {
    me->id = 0;
    return EAR_OK;
  }
#elif defined(MUTANT_GOES_ON_AUTHENTICATING)
  if (rc == EAR_DEADLINE) return EAR_NETWORK;
#elif defined(MUTANT_LEAKS_AN_ACCOUNT)
  kept = malloc(4096);
#endif
  (void)me;
  return rc;
}

/* ---- Requests ---- */

#ifdef MUTANT_RECURSES
static inline void descend(const ear_host* host, ear_call* call, ear_value value) {
  volatile char frame[4096];
  frame[0] = (char)value.kind;
  for (ear_value child = host->json->first(call, value); child.kind != EAR_JSON_ABSENT;
       child = host->json->next(call, child)) {
    descend(host, call, child);
  }
  frame[4095] = frame[0];
}
#endif

/* Whether a failure is none to this mutant. */
static inline int overlooks(ear_rc rc, int32_t status) {
#if defined(MUTANT_IGNORES_REFUSED_CREDENTIALS)
  return rc == EAR_AUTH && status != 0;
#elif defined(MUTANT_TAKES_ABSENT_FOR_EMPTY)
  return rc == EAR_NOT_FOUND && status != 0;
#elif defined(MUTANT_IGNORES_REFUSED_REQUESTS)
  return (rc == EAR_UPSTREAM && status < 500) || rc == EAR_CONFLICT;
#elif defined(MUTANT_IGNORES_FAILURES)
  return rc == EAR_UPSTREAM && status >= 500;
#elif defined(MUTANT_IGNORES_SILENCE)
  return rc == EAR_NETWORK && status == 0;
#elif defined(MUTANT_TAKES_A_LOST_PAGE_FOR_THE_END)
  return rc == EAR_NOT_FOUND && status != 0 && state.handed_over != 0;
#elif defined(MUTANT_TAKES_A_REFUSED_PAGE_FOR_THE_END)
  return ((rc == EAR_UPSTREAM && status < 500) || rc == EAR_CONFLICT) && state.handed_over != 0;
#elif defined(MUTANT_IGNORES_A_BAD_CURSOR)
  return rc == EAR_BAD_CURSOR && status != 0;
#elif defined(MUTANT_TAKES_A_REDIRECT_FOR_EMPTY)
  return rc == EAR_BAD_DATA && status == 0;
#else
  (void)rc;
  (void)status;
  return 0;
#endif
}

static inline ear_rc answered(const ear_host* host, ear_call* call, ear_rc rc,
                              const ear_response* out) {
#ifdef MUTANT_LEAKS_ON_FAILURE
  if (rc != EAR_OK) kept = malloc(4096);
#endif
  if (overlooks(rc, out->status)) {
    state.overlooked = 1;
    return EAR_OK;
  }
#if defined(MUTANT_TAKES_FORBIDDEN_FOR_BROKEN)
  if (rc == EAR_FORBIDDEN) return fail(host, call, EAR_BAD_DATA, STR("no notes came"));
#elif defined(MUTANT_FLATTENS_CODES)
  if (rc == EAR_LIMIT) return fail(host, call, EAR_BAD_DATA, STR("no notes came"));
#elif defined(MUTANT_RECURSES)
  if (rc == EAR_OK) descend(host, call, host->json->root(call, out->id));
#elif defined(MUTANT_DIES_OF_A_LONG_HEADER)
  if (host->header(call, out->id, STR("content-type")).size > 200) abort();
#else
  (void)host;
  (void)call;
#endif
  return rc;
}

static inline ear_rc ask(const ear_host* host, ear_call* call, ear_request* request,
                         ear_response* out) {
  static const char notes[] = "/v1/notes";
  if (request->path.size < sizeof notes - 1 ||
      memcmp(request->path.data, notes, sizeof notes - 1) != 0) {
    return host->http(call, request, out);
  }
#if defined(MUTANT_MARKS_READING_UNSAFE)
  request->safety = EAR_SAFETY_UNSAFE;
#elif defined(MUTANT_TAKES_AN_EMPTY_BODY) || defined(MUTANT_SKIPS_BROKEN_TEXT)
  request->flags |= EAR_HTTP_RAW;
#elif defined(MUTANT_ASKS_TWICE)
  ear_response first = *out;
  if (host->http(call, request, &first) == EAR_OK) host->release(call, first.id);
#elif defined(MUTANT_REPEATS_BY_ITSELF)
  for (int i = 0; i < 2; ++i) {
    const ear_rc rc = host->http(call, request, out);
    if (rc != EAR_UPSTREAM) return rc;
  }
#elif defined(MUTANT_ASKS_AGAIN_AFTER_SILENCE)
  const ear_rc first = host->http(call, request, out);
  if (first != EAR_NETWORK) return first;
#endif
  const ear_rc rc = host->http(call, request, out);
  return answered(host, call, rc, out);
}

/* ---- Pages ---- */

/* Whether the answer is taken for the end of all pages. */
static inline int is_the_end(const ear_host* host, ear_call* call, const ear_response* page) {
  (void)host;
  (void)call;
  (void)page;
#if defined(MUTANT_TAKES_AN_EMPTY_BODY)
  if (host->body(call, page->id).size == 0) return 1;
#elif defined(MUTANT_SKIPS_BROKEN_TEXT)
  const ear_bytes body = host->body(call, page->id);
  if (body.size != 0 && memchr(body.data, 0xff, body.size) != NULL) return 1;
#elif defined(MUTANT_TAKES_ANY_DOCUMENT)
  if (host->json->root(call, page->id).kind != EAR_JSON_OBJECT) return 1;
#endif
  return state.overlooked;
}

/* The page is not as documented. */
static inline ear_rc complain(const ear_host* host, ear_call* call, const ear_response* page,
                              ear_str message) {
#if defined(MUTANT_GIVES_NO_WORDS)
  (void)host;
  (void)call;
  (void)page;
  (void)message;
  return EAR_BAD_DATA;
#elif defined(MUTANT_MAKES_UP_A_CODE)
  (void)page;
  return fail(host, call, 77, message);
#elif defined(MUTANT_TELLS_THE_BODY)
  const ear_bytes body = host->body(call, page->id);
  (void)message;
  return fail(host, call, EAR_BAD_DATA, (ear_str){(const char*)body.data, body.size});
#else
  (void)page;
  return fail(host, call, EAR_BAD_DATA, message);
#endif
}

static inline int is_flag(ear_value value) {
#ifdef MUTANT_TAKES_ANYTHING_FOR_NO
  return value.kind != EAR_JSON_ABSENT && value.kind != EAR_JSON_NULL;
#else
  return value.kind == EAR_JSON_TRUE || value.kind == EAR_JSON_FALSE;
#endif
}

/* Whether there is another page, as far as this mutant wants it. */
static inline int leads_on(const ear_host* host, ear_call* call, const ear_response* page,
                           int more) {
#if defined(MUTANT_STOPS_BEFORE_THE_LIMIT)
  if (state.fetch->limit != 0) return 0;
#elif defined(MUTANT_FOLLOWS_ITS_OWN_LINKS)
  static const char own[] = "https://acme.golden.example/";
  const ear_str link = text_at(host, call, page, STR("/next_url"));
  if (link.size < sizeof own || memcmp(link.data, own, sizeof own - 1) != 0) return 0;
#elif defined(MUTANT_TAKES_A_REPEATED_PAGE_FOR_THE_END)
  const ear_str next = text_at(host, call, page, STR("/next"));
  state.ends = next.size == state.next_size && memcmp(next.data, state.next, next.size) == 0;
  memcpy(state.next, next.data, next.size);
  state.next_size = next.size;
#endif
  (void)host;
  (void)call;
  (void)page;
  return more && !state.ends;
}

static inline ear_rc keep(const ear_host* host, ear_call* call, ear_str next, int more) {
#if defined(MUTANT_CHECKPOINTS_AT_THE_END)
  if (more) return EAR_OK;
#elif defined(MUTANT_LOOKS_FOR_ONE_REPEATED_PAGE)
  if (next.size == state.next_size && memcmp(next.data, state.next, next.size) == 0)
    return fail(host, call, EAR_BAD_DATA, STR("a page leads to itself"));
  memcpy(state.next, next.data, next.size);
  state.next_size = next.size;
  if (more) return EAR_OK;
#elif defined(MUTANT_TAKES_A_REPEATED_PAGE_FOR_THE_END)
  if (state.ends) return EAR_OK;
#endif
  (void)more;
  return host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
}

static inline ear_rc end(const ear_host* host, ear_call* call, ear_rc rc) {
#ifdef MUTANT_REFUSES_AN_EMPTY_ACCOUNT
  if (rc == EAR_OK && state.handed_over == 0)
    return fail(host, call, EAR_NOT_FOUND, STR("there are no notes"));
#endif
  (void)host;
  (void)call;
  return rc;
}

/* ---- Items ---- */

static inline ear_str text_in(const ear_host* host, ear_call* call, ear_value value,
                              ear_str pointer) {
  const ear_value found = host->json->at(call, value, pointer);
  return found.kind == EAR_JSON_STRING ? host->json->text(call, found) : (ear_str){NULL, 0};
}

static inline int is(ear_str text, ear_str other) {
  return text.size == other.size && memcmp(text.data, other.data, text.size) == 0;
}

/* Whether the id came before in this fetch; from now on it did. */
static inline int came_before(ear_str id) {
  for (uint64_t i = 0; i < state.seen_count; ++i) {
    if (is(id, (ear_str){state.seen[i], state.seen_size[i]})) return 1;
  }
  if (state.seen_count < 16 && id.size <= MOST_CURSOR) {
    memcpy(state.seen[state.seen_count], id.data, id.size);
    state.seen_size[state.seen_count++] = id.size;
  }
  return 0;
}

/* Whether this mutant leaves an item out. `index` of `count` on its page. */
static inline int leaves_out(const ear_host* host, ear_call* call, ear_value item, uint64_t index,
                             uint64_t count) {
  const ear_str id = text_in(host, call, item, STR("/id"));
#if defined(MUTANT_SKIPS_SINGLE_ITEMS)
  if (count == 1) return 1;
#elif defined(MUTANT_DROPS_WHAT_THE_LIMIT_CUTS)
  if (state.fetch->limit != 0 && state.handed_over >= state.fetch->limit) return state.ends = 1;
#elif defined(MUTANT_NARROWS_THE_WINDOW)
  if (state.fetch->from != EAR_TIME_NONE && index == 1) return 1;
#elif defined(MUTANT_SKIPS_WHAT_CAME_BEFORE)
  if (came_before(id)) return 1;
#elif defined(MUTANT_ENDS_AT_WHAT_CAME_BEFORE)
  if (state.ends || came_before(id)) return state.ends = 1;
#elif defined(MUTANT_RELIES_ON_THE_ORDER)
  if (index == 0) state.seen_count = 0;
  if (state.seen_count != 0 && id.size == state.seen_size[0] &&
      memcmp(id.data, state.seen[0], id.size) < 0) {
    return 1;
  }
  state.seen_count = 0;
  came_before(id);
#elif defined(MUTANT_SKIPS_WHAT_IS_GONE)
  if (is(text_in(host, call, item, STR("/state")), STR("gone"))) return 1;
#endif
  (void)id;
  (void)index;
  (void)count;
  return 0;
}

/* Whether this mutant takes an item for broken; some break themselves. */
static inline int refuses(const ear_host* host, ear_call* call, ear_value item) {
  const ear_value title = host->json->at(call, item, STR("/title"));
  const ear_str word = text_in(host, call, item, STR("/state"));
  (void)title;
  (void)word;
#if defined(MUTANT_COUNTS_MEMBERS)
  if (host->json->count(call, item) != 9) return 1;
#elif defined(MUTANT_REFUSES_NEW_WORDS)
  if (!is(word, STR("open")) && !is(word, STR("done")) && !is(word, STR("gone"))) return 1;
#elif defined(MUTANT_DIES_OF_NULL)
  if (title.kind == EAR_JSON_NULL) abort();
#elif defined(MUTANT_DIES_OF_A_LIST)
  if (title.kind == EAR_JSON_ARRAY) abort();
#elif defined(MUTANT_DIES_OF_AN_OBJECT)
  if (title.kind == EAR_JSON_OBJECT) abort();
#elif defined(MUTANT_DIES_OF_A_NUMBER)
  if (title.kind == EAR_JSON_NUMBER) abort();
#elif defined(MUTANT_DIES_OF_A_FLAG)
  if (title.kind == EAR_JSON_TRUE) abort();
#endif
  return 0;
}

enum { MOST_FIELDS = 6 };

/* What this mutant works out about an item. */
static inline uint64_t computed(const ear_host* host, ear_call* call, ear_value item,
                                uint64_t index, ear_field fields[MOST_FIELDS]) {
  static char number[] = "0";
  static char name[MOST_CURSOR + 2];
  const ear_str id = text_in(host, call, item, STR("/id"));
  const ear_str title = text_in(host, call, item, STR("/title"));
  const ear_str word = text_in(host, call, item, STR("/state"));
  memset(fields, 0, MOST_FIELDS * sizeof *fields);
  (void)index, (void)number, (void)name, (void)id, (void)title, (void)word;
#if defined(MUTANT_COUNTS_ITS_FETCHES)
  number[0] = (char)('0' + fetches % 10);
  fields[0] = (ear_field){.name = STR("metadata.read"), .value = {number, 1}};
  return 1;
#elif defined(MUTANT_NAMES_ITEMS_BY_PLACE)
  const ear_str next = text_in(host, call, host->json->root(call, item.resp), STR("/next"));
  name[0] = (char)('a' + index);
  memcpy(name + 1, next.data, next.size < MOST_CURSOR ? next.size : MOST_CURSOR);
  fields[0] = (ear_field){.name = STR("source_id"), .value = {name, next.size + 1}};
  return 1;
#elif defined(MUTANT_UPDATES_BEFORE_IT_CREATES)
  fields[0] = (ear_field){.name = STR("updated_at"), .value = STR("2020-02-02T02:02:02Z")};
  return 1;
#elif defined(MUTANT_CUTS_TEXT)
  fields[0] = (ear_field){.name = STR("title"), .value = title};
  if (title.size > 24) fields[0].value.size = 24;
  return 1;
#elif defined(MUTANT_RATES_TOO_HIGH)
  fields[0] = (ear_field){.name = STR("rating.value"), .value = STR("7")};
  fields[1] = (ear_field){.name = STR("rating.max"), .value = STR("5")};
  return 2;
#elif defined(MUTANT_HANDS_OVER_FIELDS_ALONE)
  fields[0] = (ear_field){.name = STR("source_id"), .value = id};
  fields[1] = (ear_field){.name = STR("title"), .value = title};
  fields[2] = (ear_field){.name = STR("content"), .value = text_in(host, call, item, STR("/text"))};
  fields[3] = (ear_field){.name = STR("created_at"),
                          .value = text_in(host, call, item, STR("/created_at"))};
  fields[4] = (ear_field){.name = STR("updated_at"),
                          .value = text_in(host, call, item, STR("/updated_at"))};
  fields[5] = (ear_field){.name = STR("status"), .value = STR("open")};
  if (is(word, STR("gone"))) fields[5].value = STR("deleted");
  return 6;
#elif defined(MUTANT_ENDS_TEXT_AT_A_NUL)
  fields[0] = (ear_field){.name = STR("title"), .value = title};
  const void* const nul = title.size == 0 ? NULL : memchr(title.data, 0, title.size);
  if (nul != NULL) fields[0].value.size = (uint64_t)((const char*)nul - title.data);
  return 1;
#elif defined(MUTANT_CUTS_IDS_AT_A_SLASH)
  fields[0] = (ear_field){.name = STR("source_id"), .value = id};
  const void* const slash = id.size == 0 ? NULL : memchr(id.data, '/', id.size);
  if (slash != NULL) fields[0].value.size = (uint64_t)((const char*)slash - id.data);
  return 1;
#else
  return 0;
#endif
}

static inline ear_rc hand_over_one(const ear_host* host, ear_call* call, const ear_emit* page,
                                   ear_value item, uint64_t index) {
  const char place[] = {'/', 'n', 'o', 't', 'e', 's', '/', (char)('0' + index % 10)};
  ear_field fields[MOST_FIELDS];
  ear_emitted emitted = {.size = sizeof emitted};
  ear_emit one = *page;
  one.flags = 0;
  one.at = (ear_str){place, sizeof place};
  one.fields = fields;
  one.field_count = computed(host, call, item, index, fields);
#ifdef MUTANT_HANDS_OVER_FIELDS_ALONE
  one.resp = 0;
#endif
  ++state.handed_over;
  return host->emit(call, &one, &emitted);
}

/* Golden hands a page over at once; mutants look at every item. */
static inline ear_rc hand_over(const ear_host* host, ear_call* call, const ear_emit* page) {
  ear_emitted emitted = {.size = sizeof emitted};
  const ear_value list = host->json->at(call, host->json->root(call, page->resp), page->at);
  const uint64_t count = host->json->count(call, list);
#ifdef MUTANT_REFUSES_EMPTY_PAGES
  if (list.kind == EAR_JSON_ARRAY && count == 0)
    return fail(host, call, EAR_BAD_DATA, STR("a page without notes"));
#endif
#ifdef MUTANT_HANDS_OVER_TWICE
  const ear_rc first = host->emit(call, page, &emitted);
  if (first != EAR_OK) return first;
#endif
#ifdef MUTANT_LOOKS_AT_ITEMS
  uint64_t index = 0;
  for (ear_value item = host->json->first(call, list);
       list.kind == EAR_JSON_ARRAY && item.kind != EAR_JSON_ABSENT;
       item = host->json->next(call, item)) {
    const uint64_t at = index++;
    if (leaves_out(host, call, item, at, count)) continue;
    if (refuses(host, call, item)) return complain(host, call, NULL, STR("a note of another kind"));
    const ear_rc rc = hand_over_one(host, call, page, item, at);
    if (rc != EAR_OK) return rc;
  }
  if (list.kind == EAR_JSON_ARRAY) return EAR_OK;
#endif
  state.handed_over += count;
  return host->emit(call, page, &emitted);
}
