//! A log to read, and a disk that fails when it is told to.

use super::chain::{self, Place, Sealed};
use super::disk::{Contents, Disk};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

pub(super) const HEADER: &str = r#"{"warroom":1,"title":"Payments v2.1.0"}"#;

/// The JSON object of an event.
pub(super) fn body(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"by":"Ana","kind":"noted","text":"p95 – 84 ms, line {seq} \u0000"}}"#)
}

/// The bytes of a log with this many events.
pub(super) fn sample(events: u64) -> Vec<u8> {
    let mut bytes = chain::seal_header(HEADER);
    let mut place = start();
    for seq in 1..=events {
        let Sealed { line, end } = sealed(seq, &place);
        place = end;
        bytes.extend(line);
    }
    bytes
}

/// An event's line behind a place.
pub(super) fn sealed(seq: u64, behind: &Place) -> Sealed {
    Sealed::event(&body(seq), behind)
}

/// The place behind the header.
pub(super) fn start() -> Place {
    let line = chain::seal_header(HEADER);
    Place::after_header(line.strip_suffix(b"\n").expect("a line ends"))
}

/// When calls fail: from the first one on, as many as there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) from: usize,
    pub(super) count: usize,
}

/// A disk as Linux has them: a failed sync loses what it should have saved, and the next one,
/// on any handle, says that all is well.
#[derive(Clone, Debug)]
pub(super) struct Model(pub(super) Arc<Mutex<Platter>>);

#[derive(Debug)]
pub(super) struct Platter {
    /// What a reader sees.
    pub(super) cached: Vec<u8>,
    /// What a power cut leaves.
    pub(super) stable: Vec<u8>,
    /// For each cached byte, whether a sync still has to save it.
    dirty: Vec<bool>,
    pub(super) calls: usize,
    pub(super) fault: Fault,
}

impl Model {
    pub(super) fn new(fault: Fault) -> Self {
        let header = chain::seal_header(HEADER);
        let dirty = vec![false; header.len()];
        Self(Arc::new(Mutex::new(Platter { cached: header.clone(), stable: header, dirty, calls: 0, fault })))
    }
}

impl Platter {
    fn fails(&mut self) -> bool {
        self.calls += 1;
        (self.fault.from..self.fault.from.saturating_add(self.fault.count)).contains(&self.calls)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.cached.extend(bytes);
        self.dirty.resize(self.cached.len(), true);
    }

    fn save(&mut self) {
        // The length is saved with the bytes; what was lost before is a hole of zeros.
        self.stable.resize(self.cached.len(), 0);
        for (at, dirty) in self.dirty.iter_mut().enumerate() {
            if std::mem::take(dirty) {
                self.stable[at] = self.cached[at];
            }
        }
    }
}

impl Disk for Model {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        if platter.fails() {
            let taken = bytes.len() * (platter.calls % 4) / 3;
            platter.write(&bytes[..taken.min(bytes.len())]);
            return Err(io::ErrorKind::StorageFull.into());
        }
        platter.write(bytes);
        Ok(())
    }

    fn sync(&mut self, length: u64) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        if platter.fails() {
            platter.dirty.fill(false);
            return Err(io::Error::from_raw_os_error(5));
        }
        platter.save();
        assert_eq!(platter.cached.len() as u64, length);
        Ok(())
    }

    fn renew(&mut self, length: u64) -> io::Result<()> {
        let mut platter = self.0.lock().unwrap();
        if platter.fails() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let length = usize::try_from(length).unwrap();
        assert!(platter.cached.len() >= length, "what was durable is still there");
        platter.cached.truncate(length);
        platter.dirty.truncate(length);
        Ok(())
    }

    fn flee(&mut self, _: &Contents) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn path(&self) -> &Path {
        Path::new("model")
    }
}
