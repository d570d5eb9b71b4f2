//! HTTP/1.1 by hand, for requests that no decent client would send.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Answer, App, call::ANSWER_TIMEOUT};

/// A request that is written byte by byte.
pub struct RawRequest {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl RawRequest {
    /// A request line; the target is sent as it is.
    pub fn new(method: &str, target: impl AsRef<[u8]>) -> Self {
        let head = [method.as_bytes(), b" ", target.as_ref(), b" HTTP/1.1\r\nHost: localhost\r\n"].concat();
        Self { head, body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.head.extend([name.as_bytes(), b": ", value.as_ref(), b"\r\n"].concat());
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    pub fn json(self) -> Self {
        self.header("Content-Type", "application/json")
    }

    /// A body of declared length.
    pub fn body(self, body: impl AsRef<[u8]>) -> Self {
        let length = body.as_ref().len();
        let mut request = self.header("Content-Length", length.to_string());
        request.body = body.as_ref().to_vec();
        request
    }

    /// A body in chunks, its length not said in advance.
    pub fn chunked(self, body: impl AsRef<[u8]>, size: usize) -> Self {
        let mut request = self.header("Transfer-Encoding", "chunked");
        for chunk in body.as_ref().chunks(size) {
            request.body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            request.body.extend(chunk);
            request.body.extend(b"\r\n");
        }
        request.body.extend(b"0\r\n\r\n");
        request
    }

    /// Everything before the body.
    pub fn head(&self) -> Vec<u8> {
        [self.head.as_slice(), b"\r\n"].concat()
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head(), self.body.clone()].concat()
    }

    /// Sends it on a connection of its own and reads the answer.
    pub async fn send(self, app: &App) -> Answer {
        let mut connection = Connection::open(app).await;
        connection.write(&self.bytes()).await;
        let answer = connection.answer().await.expect("there is an answer");
        app.received(&answer);
        answer
    }
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(app: &App) -> Self {
        Self { stream: TcpStream::connect(app.address).await.unwrap(), read: Vec::new() }
    }

    /// Writes what the other side takes: it may answer and close before it has read everything.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Writes in pieces, with a pause before each, as a slow client does that reads only when it has sent everything.
    ///
    /// # Panics
    /// When the other side does not take a piece: such a client never gets to the answer.
    pub async fn write_slowly(&mut self, bytes: &[u8], size: usize, pause: Duration) {
        for (number, piece) in bytes.chunks(size).enumerate() {
            tokio::time::sleep(pause).await;
            self.stream.write_all(piece).await.unwrap_or_else(|error| panic!("piece {number} was not taken: {error}"));
        }
    }

    /// What has arrived that is no answer yet, waiting a moment for it.
    pub async fn bytes_within(&mut self, time: Duration) -> Vec<u8> {
        let _ = tokio::time::timeout(time, self.read_more()).await;
        std::mem::take(&mut self.read)
    }

    /// Cuts the connection off with a reset, as a crash or a pulled cable does.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// The next answer; `None` when the connection ends without one. The caller tells [`App::received`].
    pub async fn answer(&mut self) -> Option<Answer> {
        let head_end = loop {
            if let Some(end) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8_lossy(&self.read[..head_end]).into_owned();
        self.read.drain(..head_end);
        let mut lines = head.lines();
        let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = HeaderMap::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').expect("a header has a colon");
            headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value.trim()).unwrap());
        }
        let length: usize = headers.get("content-length").map_or(0, |length| length.to_str().unwrap().parse().unwrap());
        while self.read.len() < length {
            self.read_more().await?;
        }
        Some(Answer { status, headers, bytes: self.read.drain(..length).collect() })
    }

    /// Whether the other side has closed the connection, or does within a few seconds.
    pub async fn is_closed(&mut self) -> bool {
        let closed = async { while self.read_more().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(8), closed).await.is_ok()
    }

    async fn read_more(&mut self) -> Option<()> {
        let mut chunk = [0; 4096];
        let read = tokio::time::timeout(ANSWER_TIMEOUT, self.stream.read(&mut chunk)).await.expect("nothing hangs");
        let read = read.ok().filter(|read| *read > 0)?;
        self.read.extend(&chunk[..read]);
        Some(())
    }
}
