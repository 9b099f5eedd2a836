//! The session's own metrics for whoever scrapes them.

use super::{Deliveries, page};
use crate::clock::Clock;
use crate::room::Live;
use crate::text::Millis;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

/// So many callers are answered at a time; the others wait.
const CALLERS: usize = 16;

/// A caller that has not had its answer by then wants none.
const LONGEST_CALL: Millis = Millis::from_secs(30);

/// So long nobody is let in where the system has no room for another caller.
const FULL: Millis = Millis::from_secs(1);

/// Answers on an address until it is dropped.
#[derive(Debug)]
pub struct Listener {
    task: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener {
    /// Begins to answer.
    ///
    /// # Errors
    /// Where the system cannot wait for callers.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(
        listener: std::net::TcpListener,
        live: watch::Receiver<Arc<Live>>,
        deliveries: Deliveries,
    ) -> io::Result<Self> {
        let listener = TcpListener::from_std(listener)?;
        Ok(Self { task: tokio::spawn(serve(listener, live, deliveries)) })
    }
}

/// Takes an address.
///
/// # Errors
/// One that is not this host's, or that somebody else has.
pub fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn serve(listener: TcpListener, live: watch::Receiver<Arc<Live>>, deliveries: Deliveries) {
    let (mut calls, seats) = (JoinSet::new(), Arc::new(Semaphore::new(CALLERS)));
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            Clock::real().sleep(FULL).await;
            continue;
        };
        while calls.try_join_next().is_some() {}
        let (live, deliveries) = (live.clone(), deliveries.clone());
        calls.spawn(async move {
            let _until_it_is_answered = seat;
            let service = service_fn(|request| {
                let answered = answer(&request, &live, &deliveries);
                async move { Ok::<_, Infallible>(answered) }
            });
            // One answer for each connection: one that is kept open would hold its seat.
            let call = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
            let _gone = Clock::real().within(LONGEST_CALL, call).await;
        });
    }
}

fn answer(
    request: &Request<Incoming>,
    live: &watch::Receiver<Arc<Live>>,
    deliveries: &Deliveries,
) -> Response<Full<Bytes>> {
    let (status, body) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => {
            let live = Arc::clone(&live.borrow());
            (StatusCode::OK, page::metrics(&live, deliveries))
        }
        (_, "/metrics") => (StatusCode::METHOD_NOT_ALLOWED, "GET /metrics\n".to_owned()),
        _ => (StatusCode::NOT_FOUND, "try /metrics\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
