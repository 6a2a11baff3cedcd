//! What of earshot/abi.h this plugin uses, in the header's order. A table that is used in part is
//! still written down up to the last member that is: it is the place that counts, not the name.

use std::ffi::c_void;

pub type Rc = i32;
pub const OK: Rc = 0;
pub const BAD_DATA: Rc = 11;
pub const BAD_CURSOR: Rc = 12;
pub const UNSUPPORTED: Rc = 17;
pub const INTERNAL: Rc = 18;

pub const JSON_FALSE: u32 = 2;
pub const JSON_TRUE: u32 = 3;
pub const EMIT_EACH: u32 = 1;

/// A function that this plugin does not call.
type Unused = *const c_void;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub data: *const u8,
    pub size: u64,
}

impl Str {
    pub const EMPTY: Str = Str { data: std::ptr::null(), size: 0 };
    /// Borrows: what the host is given has to live until the call returns.
    pub const fn of(text: &str) -> Str {
        Str { data: text.as_ptr(), size: text.len() as u64 }
    }
    /// Copies out of the host's memory; what is not UTF-8 is replaced.
    pub fn copied(self) -> String {
        if self.size == 0 {
            return String::new();
        }
        let bytes = unsafe { std::slice::from_raw_parts(self.data, self.size as usize) };
        String::from_utf8_lossy(bytes).into_owned()
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Value {
    pub resp: u64,
    pub node: u32,
    pub kind: u32,
}

#[repr(C)]
pub struct Failure {
    pub size: u32,
    pub rc: Rc,
    pub status: i32,
    pub reserved: u32,
    pub retry_after_ms: i64,
    pub message: Str,
    pub resp: u64,
}

#[repr(C)]
pub struct Request {
    pub size: u32,
    pub flags: u32,
    pub method: Str,
    pub endpoint: Str,
    pub path: Str,
    pub query: *const c_void,
    pub query_count: u64,
    pub headers: *const c_void,
    pub header_count: u64,
    pub body_kind: u32,
    pub safety: u32,
    pub parts: *const c_void,
    pub part_count: u64,
    pub bucket_key: Str,
    pub idempotency_key: Str,
    pub cost: u32,
    pub timeout_ms: u32,
    pub link: Str,
    pub link_resp: u64,
    pub link_at: Str,
}

#[repr(C)]
pub struct Response {
    pub size: u32,
    pub status: i32,
    pub id: u64,
    pub attempts: u32,
    pub reserved: u32,
    pub waited_ms: u64,
    pub why: Str,
}

#[repr(C)]
pub struct Emit {
    pub size: u32,
    pub flags: u32,
    pub resp: u64,
    pub at: Str,
    pub mapping: Str,
    pub refs: *const c_void,
    pub ref_count: u64,
    pub fields: *const c_void,
    pub field_count: u64,
}

#[repr(C)]
pub struct Emitted {
    pub size: u32,
    pub reserved: u32,
    pub taken: u64,
    pub rejected: u64,
    pub outside: u64,
}

/// The host's: one running operation.
pub enum Call {}

#[repr(C)]
pub struct Json {
    pub size: u32,
    pub reserved: u32,
    pub root: unsafe extern "C" fn(*mut Call, u64) -> Value,
    pub at: unsafe extern "C" fn(*mut Call, Value, Str) -> Value,
    pub text: unsafe extern "C" fn(*mut Call, Value) -> Str,
}

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub minor: u32,
    pub version: Str,
    pub json: *const Json,
    pub extension: Unused,
    pub http: unsafe extern "C" fn(*mut Call, *const Request, *mut Response) -> Rc,
    pub http_all: Unused,
    pub body: Unused,
    pub header: Unused,
    pub release: unsafe extern "C" fn(*mut Call, u64),
    pub config: Unused,
    pub emit: unsafe extern "C" fn(*mut Call, *const Emit, *mut Emitted) -> Rc,
    pub known: Unused,
    pub checkpoint: unsafe extern "C" fn(*mut Call, Str, Str) -> Rc,
    pub cursor: unsafe extern "C" fn(*mut Call, Str, *mut Str) -> Rc,
    pub problem: Unused,
    pub sleep: Unused,
    pub fail: unsafe extern "C" fn(*mut Call, *const Failure) -> Rc,
    pub why: Unused,
    pub report: unsafe extern "C" fn(*mut Call, Str, Str) -> Rc,
}

/// What the host calls; every pointer in it is this library's and lives as long as it does.
#[repr(C)]
pub struct Plugin {
    pub size: u32,
    pub minor: u32,
    pub sdk: Str,
    pub manifest: extern "C" fn() -> Str,
    pub source_name: extern "C" fn() -> Str,
    pub required_config: extern "C" fn() -> Str,
    pub open: extern "C" fn(*const Host, *mut Call, *mut *mut Instance) -> Rc,
    pub close: extern "C" fn(*mut Instance),
    pub authenticate: extern "C" fn(*mut Instance, *mut Call) -> Rc,
    pub fetch_feedback: extern "C" fn(*mut Instance, *mut Call, *const c_void) -> Rc,
    pub register_webhook: extern "C" fn(*mut Instance, *mut Call, *const c_void) -> Rc,
    pub extension: extern "C" fn(Str) -> *const c_void,
}

// All that it points to is static and never written.
unsafe impl Sync for Plugin {}

/// The plugin's: one opened integration. Lasting state lives in the host.
pub struct Instance {
    pub host: *const Host,
}
