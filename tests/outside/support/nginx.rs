//! nginx in front of a server, as teams have it: TLS, client certificates, tokens, passwords, tenants.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

pub(crate) const TOKEN: &str = "tok-8a1f-never-to-be-seen";
pub(crate) const PASSWORD: &str = "pw-55c0-never-to-be-seen";

/// The server with its certificates; it is killed when this is dropped.
pub(crate) struct Nginx {
    folder: tempfile::TempDir,
    port: u16,
    strict_port: u16,
    child: Child,
}

impl Nginx {
    /// Starts one in front of a server, `http://127.0.0.1:PORT`. None where the program is missing;
    /// in CI that fails.
    pub(crate) fn before(upstream: &str) -> Option<Self> {
        let program =
            ["/usr/sbin/nginx", "nginx"].into_iter().find(|name| Command::new(name).arg("-v").output().is_ok());
        let Some(program) = program else {
            assert!(std::env::var_os("CI").is_none(), "nginx is missing: apt-get install nginx-light");
            let _ = writeln!(std::io::stderr(), "skipped, nginx is missing: apt-get install nginx-light");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        certificates(folder.path());
        let (port, strict_port) = (free_port(), free_port());
        let place = folder.path().display().to_string();
        let configuration = configuration(&place, port, strict_port, upstream);
        fs::write(folder.path().join("nginx.conf"), configuration).expect("a file");
        fs::write(folder.path().join("htpasswd"), format!("ana:{{PLAIN}}{PASSWORD}\n")).expect("a file");
        let child = Command::new(program)
            .args(["-p", &place, "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("log")).expect("a log"))
            .spawn()
            .expect("nginx runs");
        let mut nginx = Self { folder, port, strict_port, child };
        nginx.wait();
        Some(nginx)
    }

    /// A path behind TLS: `/bearer`, `/basic`, `/tenant`, `/reads` or `/open`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// The server behind a door that asks for a certificate.
    pub(crate) fn strict_url(&self) -> String {
        format!("https://localhost:{}", self.strict_port)
    }

    /// `ca.pem`, `client.pem`, `client.key`, or a file of the test's own.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait(&mut self) {
        for _ in 0..1_000 {
            if TcpStream::connect(("127.0.0.1", self.strict_port)).is_ok() {
                return;
            }
            let ended = self.child.try_wait().ok().flatten();
            assert!(ended.is_none(), "nginx has ended: {}", fs::read_to_string(self.file("log")).unwrap_or_default());
            thread::sleep(Duration::from_millis(20));
        }
        panic!("nginx does not get ready");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn configuration(place: &str, port: u16, strict_port: u16, upstream: &str) -> String {
    let temporary =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {place}/{kind};"));
    format!(
        r#"
daemon off;
master_process off;
pid {place}/pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  {}
  ssl_certificate {place}/server.pem;
  ssl_certificate_key {place}/server.key;
  map $http_authorization $has_token {{ default 0; "Bearer {TOKEN}" 1; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    location /open/ {{ proxy_pass {upstream}/; }}
    location /bearer/ {{
      if ($has_token = 0) {{ return 401 "bad credentials: $http_authorization\n"; }}
      proxy_pass {upstream}/;
    }}
    location /basic/ {{ auth_basic "metrics"; auth_basic_user_file {place}/htpasswd; proxy_pass {upstream}/; }}
    location /tenant/ {{
      if ($http_x_scope_orgid = "") {{ return 401 "no org id\n"; }}
      proxy_pass {upstream}/;
    }}
    location /reads/ {{
      if ($request_method = POST) {{ return 405; }}
      proxy_pass {upstream}/;
    }}
  }}
  server {{
    listen 127.0.0.1:{strict_port} ssl;
    ssl_client_certificate {place}/ca.pem;
    ssl_verify_client on;
    location / {{ proxy_pass {upstream}; }}
  }}
}}
"#,
        temporary.join("\n  ")
    )
}

/// A certificate authority of our own, and what it says of the server and of us.
fn certificates(folder: &Path) {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.distinguished_name.push(DnType::CommonName, "warroom's tests");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let issuer = CertifiedIssuer::self_signed(authority, key).expect("a certificate");
    fs::write(folder.join("ca.pem"), issuer.pem()).expect("a file");
    for (name, host) in [("server", "localhost"), ("client", "warroom")] {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        // Two of one name would be taken for one that vouches for itself.
        params.distinguished_name.push(DnType::CommonName, host);
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        fs::write(folder.join(format!("{name}.pem")), certificate.pem()).expect("a file");
        fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).expect("a file");
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    listener.local_addr().expect("a bound address").port()
}
