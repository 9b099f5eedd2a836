//! A server that answers every request as a test says, on a loopback port of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A request as far as tests care.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
    /// What was sent as `Authorization`.
    pub(crate) authorization: String,
}

/// Whatever a handler writes is all that the client gets; then the connection is closed.
type Handler = dyn Fn(&Request, &mut TcpStream) + Send + Sync;

/// The server; it ends when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    accepts: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// A server on a free port.
    pub(crate) fn start(handler: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::on(([127, 0, 0, 1], 0).into(), Arc::new(handler))
    }

    /// A server on a port that was a server's before.
    pub(crate) fn on(address: SocketAddr, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind(address).expect("a loopback port");
        let address = listener.local_addr().expect("a bound address");
        let ends = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&ends);
        let accepts = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let handler = Arc::clone(&handler);
                thread::spawn(move || serve(stream, &*handler));
            }
        });
        Self { address, ends, accepts: Some(accepts) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, so that the port is free when this returns.
        drop(TcpStream::connect(self.address));
        drop(self.accepts.take().map(thread::JoinHandle::join));
    }
}

fn serve(mut stream: TcpStream, handler: &Handler) {
    let Some(request) = stream.try_clone().ok().and_then(read) else { return };
    handler(&request, &mut stream);
    drop(stream.flush());
}

fn read(stream: TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        if name.eq_ignore_ascii_case("authorization") {
            value.trim().clone_into(&mut authorization);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, body: String::from_utf8_lossy(&body).into_owned(), authorization })
}

/// A whole response.
pub(crate) fn respond(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)));
}

// Each test needs a part of this.
const _: fn(&Request) -> [&String; 4] =
    |request| [&request.method, &request.path, &request.body, &request.authorization];
const _: fn(&Server) -> SocketAddr = Server::address;
const _: fn(&Server) -> String = Server::url;
const _: fn(&mut TcpStream, &str, &str, &[u8]) = respond;
