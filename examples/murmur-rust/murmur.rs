//! Murmur in Rust: no crate, the ABI and nothing else. Fetching is that of ../murmur, in words of
//! Rust. A code that a host function answered is passed up as it is (ABI-10).

mod abi;

use abi::{Call, Emit, Emitted, Failure, Host, Instance, Plugin, Rc, Request, Response, Str, Value};
use std::ffi::c_void;
use std::mem::{size_of, zeroed};
use std::panic::{catch_unwind, AssertUnwindSafe};

#[link_section = ".earshot.manifest"]
static MANIFEST: [u8; include_bytes!("manifest.json").len()] = *include_bytes!("manifest.json");
const NAME: &str = "murmur-rust";
const REQUIRED: &str = "team,token";

/// The running operation, with `?` in the place of looking at every code.
struct Session {
    host: &'static Host,
    call: *mut Call,
}

type Fallible<T> = Result<T, Rc>;

fn checked(rc: Rc) -> Fallible<()> {
    if rc == abi::OK { Ok(()) } else { Err(rc) }
}

/// A page, given back to the host when it goes: else every page is held until the call ends.
struct Page<'a> {
    session: &'a Session,
    id: u64,
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        unsafe { (self.session.host.release)(self.session.call, self.id) }
    }
}

impl Page<'_> {
    fn at(&self, pointer: &str) -> Value {
        let json = unsafe { &*self.session.host.json };
        unsafe { (json.at)(self.session.call, (json.root)(self.session.call, self.id), Str::of(pointer)) }
    }
    fn text(&self, pointer: &str) -> String {
        let json = unsafe { &*self.session.host.json };
        unsafe { (json.text)(self.session.call, self.at(pointer)) }.copied()
    }
}

impl Session {
    fn fail<T>(&self, rc: Rc, why: &str, found_in: u64) -> Fallible<T> {
        let failure = Failure {
            size: size_of::<Failure>() as u32,
            rc,
            status: 0,
            reserved: 0,
            retry_after_ms: -1,
            message: Str::of(why),
            resp: found_in,
        };
        Err(unsafe { (self.host.fail)(self.call, &failure) })
    }

    fn get(&self, path: &str) -> Fallible<Page<'_>> {
        let mut request: Request = unsafe { zeroed() };
        request.size = size_of::<Request>() as u32;
        request.method = Str::of("GET");
        request.path = Str::of(path);
        let mut response: Response = unsafe { zeroed() };
        response.size = size_of::<Response>() as u32;
        checked(unsafe { (self.host.http)(self.call, &request, &mut response) })?;
        Ok(Page { session: self, id: response.id })
    }

    fn emit_each(&self, page: &Page, at: &str, mapping: &str) -> Fallible<()> {
        let mut emit: Emit = unsafe { zeroed() };
        emit.size = size_of::<Emit>() as u32;
        emit.flags = abi::EMIT_EACH;
        emit.resp = page.id;
        emit.at = Str::of(at);
        emit.mapping = Str::of(mapping);
        let mut emitted: Emitted = unsafe { zeroed() };
        emitted.size = size_of::<Emitted>() as u32;
        checked(unsafe { (self.host.emit)(self.call, &emit, &mut emitted) })
    }

    fn cursor(&self) -> Fallible<String> {
        let mut cursor = Str::EMPTY;
        checked(unsafe { (self.host.cursor)(self.call, Str::EMPTY, &mut cursor) })?;
        Ok(cursor.copied())
    }

    fn checkpoint(&self, cursor: &str) -> Fallible<()> {
        checked(unsafe { (self.host.checkpoint)(self.call, Str::EMPTY, Str::of(cursor)) })
    }

    fn report(&self, key: &str, value: &str) -> Fallible<()> {
        checked(unsafe { (self.host.report)(self.call, Str::of(key), Str::of(value)) })
    }
}

/// Positions are digits, so that they may stand in a query as they are.
fn is_position(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn authenticate(session: &Session) -> Fallible<()> {
    let me = session.get("/v1/me")?;
    let id = me.text("/id");
    if id.is_empty() {
        return session.fail(abi::BAD_DATA, "/id of /v1/me is missing", me.id);
    }
    session.report("account_id", &id)?;
    session.report("account_name", &me.text("/name"))
}

fn fetch_feedback(session: &Session) -> Fallible<()> {
    let mut after = session.cursor()?;
    if after.is_empty() {
        after = "0".to_string();
    } else if !is_position(&after) {
        return session.fail(abi::BAD_CURSOR, "the stored cursor is no position", 0);
    }
    loop {
        let page = session.get(&format!("/v1/notes?after={}&limit=100", after))?;
        session.emit_each(&page, "/notes", "note")?;
        let more = page.at("/more").kind;
        if more != abi::JSON_TRUE && more != abi::JSON_FALSE {
            return session.fail(abi::BAD_DATA, "/more is neither true nor false", page.id);
        }
        after = page.text("/after");
        if !is_position(&after) {
            return session.fail(abi::BAD_DATA, "/after is no position", page.id);
        }
        session.checkpoint(&after)?;
        if more == abi::JSON_FALSE {
            return Ok(());
        }
    }
}

/// Runs an operation; no panic crosses (ABI-1).
fn guarded(
    instance: *mut Instance,
    call: *mut Call,
    operation: impl FnOnce(&Session) -> Fallible<()>,
) -> Rc {
    let session = Session { host: unsafe { &*(*instance).host }, call };
    match catch_unwind(AssertUnwindSafe(|| operation(&session))) {
        Ok(Ok(())) => abi::OK,
        Ok(Err(rc)) => rc,
        Err(_) => abi::INTERNAL,
    }
}

extern "C" fn manifest() -> Str {
    Str { data: MANIFEST.as_ptr(), size: MANIFEST.len() as u64 }
}
extern "C" fn source_name() -> Str {
    Str::of(NAME)
}
extern "C" fn required_config() -> Str {
    Str::of(REQUIRED)
}
extern "C" fn open(host: *const Host, _call: *mut Call, out: *mut *mut Instance) -> Rc {
    unsafe { *out = Box::into_raw(Box::new(Instance { host })) };
    abi::OK
}
extern "C" fn close(instance: *mut Instance) {
    drop(unsafe { Box::from_raw(instance) });
}
extern "C" fn authenticate_entry(instance: *mut Instance, call: *mut Call) -> Rc {
    guarded(instance, call, authenticate)
}
extern "C" fn fetch_entry(instance: *mut Instance, call: *mut Call, _fetch: *const c_void) -> Rc {
    guarded(instance, call, fetch_feedback)
}
extern "C" fn webhook_entry(instance: *mut Instance, call: *mut Call, _hook: *const c_void) -> Rc {
    guarded(instance, call, |session| {
        session.fail(abi::UNSUPPORTED, "Murmur has no webhooks", 0)
    })
}
extern "C" fn extension(_id: Str) -> *const c_void {
    std::ptr::null()
}

static PLUGIN: Plugin = Plugin {
    size: size_of::<Plugin>() as u32,
    minor: 0,
    sdk: Str::of("rust"),
    manifest,
    source_name,
    required_config,
    open,
    close,
    authenticate: authenticate_entry,
    fetch_feedback: fetch_entry,
    register_webhook: webhook_entry,
    extension,
};

/// The one exported symbol.
///
/// # Safety
/// Called by the host, as earshot/abi.h says.
#[no_mangle]
pub unsafe extern "C" fn ear_entry_v1(host: *const Host, why_not: *mut Str) -> *const Plugin {
    if ((*host).size as usize) < size_of::<Host>() {
        *why_not = Str::of("the host's table ends before report");
        return std::ptr::null();
    }
    &PLUGIN
}
