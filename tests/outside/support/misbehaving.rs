//! A proxy in front of a server, with a switch for every way in which a server misbehaves.

use super::http::{Request, Server, respond};
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the proxy does with a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mode {
    /// Relays it.
    Pass,
    /// Takes it and never answers.
    Stall,
    /// Half of the answer, then silence.
    StallBody,
    /// The answer at so many bytes a second.
    Slow(usize),
    /// The answer, later.
    Latency(Duration),
    /// Promises the whole answer, sends half and closes.
    Partial,
    /// Ends the connection as a crash does.
    Reset,
    /// Nobody listens any more.
    Refuse,
    /// A redirect to itself.
    Redirect,
    /// Bytes that are not HTTP.
    Garbage,
    /// Says that it is packed, and it is not.
    BadGzip,
    /// Packed, so many MiB of blanks.
    GzipBomb(usize),
    /// One answer of so many MiB.
    Huge(usize),
    /// An answer of its own: status, content type, body.
    Says(&'static str, &'static str, &'static str),
}

/// The proxy; it ends when it is dropped.
pub(crate) struct Misbehaving {
    upstream: String,
    address: SocketAddr,
    mode: Arc<Mutex<Mode>>,
    server: Option<Server>,
}

impl Misbehaving {
    /// A proxy that relays to a server, `http://127.0.0.1:PORT`, until it is told otherwise.
    pub(crate) fn before(upstream: &str) -> Self {
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let mode = Arc::new(Mutex::new(Mode::Pass));
        let server = Server::start(handler(&upstream, &mode));
        Self { upstream, address: server.address(), mode, server: Some(server) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does something else from the next request on.
    pub(crate) fn turn(&mut self, mode: &Mode) {
        *self.mode.lock().expect("no test panicked with it") = mode.clone();
        if *mode == Mode::Refuse {
            self.server = None;
        } else if self.server.is_none() {
            self.server = Some(Server::on(self.address, Arc::new(handler(&self.upstream, &self.mode))));
        }
    }
}

fn handler(upstream: &str, mode: &Arc<Mutex<Mode>>) -> impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static {
    let (upstream, mode) = (upstream.to_owned(), Arc::clone(mode));
    move |request, stream| {
        let mode = mode.lock().expect("no test panicked with it").clone();
        // A client that has gone away wants nothing more.
        let _gone = answer(&upstream, &mode, request, stream);
    }
}

fn answer(upstream: &str, mode: &Mode, request: &Request, stream: &mut TcpStream) -> std::io::Result<()> {
    let packed =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
    match mode {
        Mode::Pass => stream.write_all(&relay(upstream, request)?),
        Mode::Stall => hold(stream),
        Mode::StallBody => {
            stream.write_all(&half(&relay(upstream, request)?))?;
            hold(stream)
        }
        Mode::Slow(rate) => relay(upstream, request)?.chunks((rate / 10).max(1)).try_for_each(|chunk| {
            thread::sleep(Duration::from_millis(100));
            stream.write_all(chunk)
        }),
        Mode::Latency(span) => {
            thread::sleep(*span);
            stream.write_all(&relay(upstream, request)?)
        }
        Mode::Partial => stream.write_all(&half(&relay(upstream, request)?)),
        Mode::Reset | Mode::Refuse => SockRef::from(&*stream).set_linger(Some(Duration::ZERO)),
        Mode::Redirect => {
            let to = &request.path;
            write!(stream, "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
        Mode::Garbage => stream.write_all(&b"\x00\x01\x02 SSH-2.0-OpenSSH_9.2\r\n".repeat(4)),
        Mode::BadGzip => write!(stream, "{packed}this is not gzip"),
        Mode::GzipBomb(size) => {
            stream.write_all(packed.as_bytes())?;
            let mut bomb = flate2::write::GzEncoder::new(stream, flate2::Compression::fast());
            let blanks = vec![b' '; 1024 * 1024];
            (0..*size).try_for_each(|_| bomb.write_all(&blanks))?;
            bomb.finish().map(drop)
        }
        Mode::Huge(size) => huge(stream, *size),
        Mode::Says(status, kind, body) => {
            respond(stream, status, kind, body.as_bytes());
            Ok(())
        }
    }
}

/// The answer of the server behind, as it came.
fn relay(upstream: &str, request: &Request) -> std::io::Result<Vec<u8>> {
    let Request { method, path, body, .. } = request;
    let mut server = TcpStream::connect(upstream)?;
    write!(
        server,
        "{method} {path} HTTP/1.1\r\nhost: {upstream}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    Ok(answer)
}

/// The head of an answer, with its length, and half of its body.
fn half(answer: &[u8]) -> Vec<u8> {
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
    let (head, body) = answer.split_at(body);
    let head = String::from_utf8_lossy(head);
    let kept = head.lines().filter(|line| {
        let line = line.to_lowercase();
        !line.is_empty() && !line.starts_with("content-length") && !line.starts_with("transfer-encoding")
    });
    let mut half: Vec<u8> = kept.flat_map(|line| format!("{line}\r\n").into_bytes()).collect();
    half.extend(format!("content-length: {}\r\n\r\n", body.len()).into_bytes());
    half.extend(&body[..body.len() / 2]);
    half
}

/// Waits until the client hangs up.
fn hold(stream: &mut TcpStream) -> std::io::Result<()> {
    std::io::copy(stream, &mut std::io::sink()).map(drop)
}

fn huge(stream: &mut TcpStream, size: usize) -> std::io::Result<()> {
    let element =
        r#"{"metric":{"__name__":"up","instance":"10.0.0.1:9100","job":"node"},"value":[1700000000.123,"1"]},"#;
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")?;
    write!(stream, r#"{{"status":"success","data":{{"resultType":"vector","result":["#)?;
    let some = element.repeat(1_000);
    (0..size * 1024 * 1024 / some.len()).try_for_each(|_| stream.write_all(some.as_bytes()))?;
    write!(stream, r#"{{"metric":{{}},"value":[1,"1"]}}]}}}}"#)
}
