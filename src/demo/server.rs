//! The HTTP side of a service.

use super::{Service, Time, page};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// One service and the shop it is part of.
pub(super) struct Endpoint {
    pub(super) service: Service,
    pub(super) shop: Arc<Time>,
}

/// Answers whoever connects, until it is dropped.
pub(super) async fn serve(listener: TcpListener, endpoint: Arc<Endpoint>) {
    let mut connections = JoinSet::new();
    loop {
        // A caller that is gone before it was greeted is no reason to close the shop.
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        let endpoint = Arc::clone(&endpoint);
        connections.spawn(async move {
            let service = service_fn(|request| endpoint.answer(request));
            // A connection that breaks is the caller's affair.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Endpoint {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(match request.uri().path() {
            "/metrics" => {
                if self.is_silent() {
                    std::future::pending::<()>().await;
                }
                let body = page::metrics(self.service, &self.shop.now());
                response(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", body)
            }
            "/health" => {
                let body = format!("{{\"status\":\"UP\",\"service\":\"{}\"}}\n", self.service.name());
                response(StatusCode::OK, "application/json", body)
            }
            _ => response(StatusCode::NOT_FOUND, "text/plain", "try /metrics or /health\n".to_owned()),
        })
    }

    fn is_silent(&self) -> bool {
        self.service == Service::Payments && self.shop.now().is_silent()
    }
}

fn response(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
