//! An issuer on loopback that answers as it is told to, or not at all.

use std::{
    collections::HashMap,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// What is at a path.
#[derive(Clone)]
pub enum Page {
    /// These bytes, and then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and then nothing more, but the connection stays.
    Held(Vec<u8>),
    /// A good beginning, and then a byte now and then.
    Drip,
    /// A good beginning, and no end.
    Endless,
}

impl Page {
    /// An ordinary answer; each of `headers` ends in a line break.
    pub fn answer(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n");
        Self::Bytes((head + body).into_bytes())
    }

    /// JSON.
    pub fn json(body: &Value) -> Self {
        Self::answer("200 OK", "Content-Type: application/json\r\n", &body.to_string())
    }

    /// A key set.
    pub fn keys(keys: &[&Value]) -> Self {
        Self::json(&json!({ "keys": keys }))
    }
}

/// How a connection is read and written: as it is, or through TLS.
pub trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}
type Wrap = dyn Fn(TcpStream) -> Box<dyn Stream> + Send + Sync;

#[derive(Default)]
struct Shared {
    pages: Mutex<HashMap<String, Page>>,
    heads: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

/// Serves until it is dropped.
pub struct Issuer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Issuer {
    pub fn start() -> Self {
        Self::start_with(|connection| Box::new(connection))
    }

    pub fn start_with(wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (shared, wrap): (Arc<Shared>, Arc<Wrap>) = (Arc::default(), Arc::new(wrap));
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if accepting.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, wrap, connection) = (Arc::clone(&accepting), Arc::clone(&wrap), connection.unwrap());
                thread::spawn(move || {
                    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
                    serve(&shared, wrap(connection).as_mut());
                });
            }
        });
        Self { address, shared }
    }

    /// `127.0.0.1` and the port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts a page at a path. Anything else is a 404.
    pub fn publish(&self, path: &str, page: Page) {
        self.shared.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// What it says about itself at the usual place, with its keys at `/keys`.
    pub fn describe(&self, issuer: &str) {
        let metadata = json!({"issuer": issuer, "jwks_uri": format!("{}/keys", issuer.trim_end_matches('/'))});
        self.publish("/.well-known/openid-configuration", Page::json(&metadata));
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        let line = format!("GET {path} ");
        self.shared.heads.lock().unwrap().iter().filter(|head| head.starts_with(&line)).count()
    }

    /// The heads of all requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(shared: &Shared, connection: &mut dyn Stream) {
    let Some(head) = head(connection) else { return };
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    shared.heads.lock().unwrap().push(head);
    let page = shared.pages.lock().unwrap().get(&path).cloned();
    let page = page.unwrap_or_else(|| Page::answer("404 Not Found", "", "nothing is here"));
    let begin = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"keys\": [";
    // Whoever asked may be gone before it ends.
    let _ = match page {
        Page::Bytes(bytes) => connection.write_all(&bytes).and_then(|()| connection.flush()),
        Page::Held(bytes) => connection.write_all(&bytes).and_then(|()| connection.flush()).map(|()| gone(connection)),
        Page::Drip => repeat(connection, begin, b" ", Duration::from_millis(5)),
        Page::Endless => repeat(connection, begin, &vec![b' '; 1 << 16], Duration::ZERO),
    };
}

fn head(connection: &mut dyn Stream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match connection.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => return None,
        }
    }
    String::from_utf8(head).ok()
}

/// Waits until the other side is gone.
fn gone(connection: &mut dyn Stream) {
    let mut rest = [0; 64];
    while matches!(connection.read(&mut rest), Ok(1..)) {}
}

fn repeat(connection: &mut dyn Stream, begin: &[u8], part: &[u8], pause: Duration) -> std::io::Result<()> {
    connection.write_all(begin)?;
    loop {
        connection.write_all(part)?;
        connection.flush()?;
        thread::sleep(pause);
    }
}
