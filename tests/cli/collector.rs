//! A collector of traces on loopback, and what it was sent: OTLP over HTTP, in protobuf.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message as _;

/// Takes what is sent, and answers 200, or nothing at all.
pub struct Collector {
    pub endpoint: String,
    received: Arc<Mutex<Vec<Received>>>,
}

/// The head of a request, in small letters, and its body.
type Received = (String, Vec<u8>);

impl Collector {
    pub fn start() -> Self {
        Self::start_with(|connection| {
            let _ = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        })
    }

    /// Reads everything and never answers.
    pub fn silent() -> Self {
        Self::start_with(|_| thread::sleep(Duration::from_mins(10)))
    }

    fn start_with(answer: impl Fn(&mut TcpStream) + Copy + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let noted = Arc::clone(&received);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (mut connection, noted) = (connection.unwrap(), Arc::clone(&noted));
                thread::spawn(move || {
                    if let Some(request) = read(&mut connection) {
                        noted.lock().unwrap().push(request);
                        answer(&mut connection);
                    }
                });
            }
        });
        Self { endpoint, received }
    }

    /// The heads of everything that was sent.
    pub fn heads(&self) -> Vec<String> {
        self.received.lock().unwrap().iter().map(|(head, _)| head.clone()).collect()
    }

    /// Everything that was sent so far.
    pub fn exports(&self) -> Vec<ExportTraceServiceRequest> {
        let received = self.received.lock().unwrap();
        received.iter().map(|(_, body)| ExportTraceServiceRequest::decode(body.as_slice()).unwrap()).collect()
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<Span> {
        let resources = self.exports().into_iter().flat_map(|export| export.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// Waits until there are so many.
    ///
    /// # Panics
    /// When they do not come.
    pub fn until_spans(&self, number: usize) -> Vec<Span> {
        let give_up = Instant::now() + Duration::from_mins(1);
        while self.spans().len() < number {
            assert!(Instant::now() < give_up, "there are only {}: {:?}", self.spans().len(), self.spans());
            thread::sleep(Duration::from_millis(20));
        }
        self.spans()
    }
}

fn read(connection: &mut TcpStream) -> Option<Received> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
            if bytes.len() >= end + 4 + length.unwrap_or(0_usize) {
                return Some((head, bytes.split_off(end + 4)));
            }
        }
        let read = connection.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
    }
}

/// The value of an attribute, as text.
pub fn attribute(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

/// An id in hexadecimal digits.
pub fn hex(id: &[u8]) -> String {
    use std::fmt::Write as _;
    id.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
