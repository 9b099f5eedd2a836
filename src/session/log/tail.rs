//! The end of a log that is being written: the durable part on the disk, and one buffer behind it.
//!
//! Since each line follows from the one before it, the buffer holds exactly the bytes that belong
//! behind the durable part, whatever became of earlier attempts to put them there. So there is one
//! repair for every failure: a new handle, cut back to what is durable, everything else again.

use super::chain::{Place, Sealed};
use super::disk::{Contents, Disk};
use super::writer::Durability;
use std::io;

/// Larger than this, the buffer's memory is given back once it is saved.
const KEPT: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Tail<D> {
    disk: D,
    /// The end of what has survived a sync.
    durable: Place,
    /// The end of the last record there is.
    end: Place,
    /// The bytes between the two.
    unsaved: Vec<u8>,
    /// How many of them have been written.
    written: usize,
    handle: Handle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handle {
    Trusted,
    /// It has failed: what it says from now on, a sync that succeeds above all, means nothing.
    Doubtful,
}

impl<D: Disk> Tail<D> {
    pub(super) fn new(disk: D, end: Place) -> Self {
        Self { disk, durable: end, end, unsaved: Vec::new(), written: 0, handle: Handle::Trusted }
    }

    pub(super) fn disk(&self) -> &D {
        &self.disk
    }

    pub(super) fn durable(&self) -> &Place {
        &self.durable
    }

    /// The number of the last record that is in the file, saved or not.
    pub(super) fn written(&self) -> u64 {
        if self.written == self.unsaved.len() { self.end.seq } else { self.durable.seq }
    }

    pub(super) fn is_saved(&self) -> bool {
        self.unsaved.is_empty()
    }

    /// Takes a record's sealed line and where it ends; it counts from now on, and is written by the
    /// next `save`.
    pub(super) fn push(&mut self, sealed: &Sealed) {
        self.unsaved.extend_from_slice(&sealed.line);
        self.end = sealed.end;
    }

    /// Writes what is not written yet, and syncs it where asked to; after a failure, all of it again.
    pub(super) fn save(&mut self, durability: Durability) -> io::Result<()> {
        let result = self.try_save(durability);
        if result.is_err() {
            self.handle = Handle::Doubtful;
            self.written = 0;
        }
        result
    }

    /// Leaves the file for another one with everything in it.
    pub(super) fn flee(&mut self) -> io::Result<()> {
        self.disk.flee(&Contents { durable: self.durable.offset, rest: &self.unsaved, end: &self.end })?;
        self.all_is_durable();
        Ok(())
    }

    fn try_save(&mut self, durability: Durability) -> io::Result<()> {
        let repairing = self.handle == Handle::Doubtful;
        if repairing {
            self.disk.renew(self.durable.offset)?;
        }
        if let Some(rest) = self.unsaved.get(self.written..)
            && !rest.is_empty()
        {
            self.disk.append(rest)?;
            self.written = self.unsaved.len();
        }
        if repairing || (durability == Durability::Sync && !self.unsaved.is_empty()) {
            self.disk.sync(self.end.offset)?;
            self.all_is_durable();
        }
        Ok(())
    }

    fn all_is_durable(&mut self) {
        self.durable = self.end;
        self.unsaved.clear();
        self.unsaved.shrink_to(KEPT);
        self.written = 0;
        self.handle = Handle::Trusted;
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{Ending, Reader};
    use super::super::testing::{Fault, Model, sample, sealed, start};
    use super::*;
    use std::io::Cursor;
    use std::path::Path;

    /// The number of the last event a power cut would leave.
    fn left_by_a_power_cut(model: &Model) -> u64 {
        let stable = model.0.lock().unwrap().stable.clone();
        let mut reader = Reader::over(Cursor::new(stable), Path::new("model")).unwrap();
        let ending = reader.ending().unwrap();
        assert!(!matches!(ending, Ending::Damaged(_)), "{ending:?}");
        reader.place().seq
    }

    /// Writes twelve events with a fault on the way; gives how many calls the disk had.
    fn write_through(fault: Fault) -> usize {
        let model = Model::new(fault);
        let mut tail = Tail::new(model.clone(), start());
        for seq in 1..=12 {
            tail.push(&sealed(seq, &tail.end));
            let durability = if seq % 3 == 0 { Durability::Sync } else { Durability::Flush };
            let saved = tail.save(durability);
            assert!(left_by_a_power_cut(&model) >= tail.durable().seq, "{fault:?}, event {seq}");
            if saved.is_ok() && durability == Durability::Sync {
                assert_eq!(tail.durable().seq, seq, "{fault:?}");
            }
        }
        model.0.lock().unwrap().fault.count = 0;
        tail.save(Durability::Sync).unwrap();
        assert!(tail.is_saved());
        assert_eq!(tail.durable().seq, 12, "{fault:?}");
        assert_eq!(model.0.lock().unwrap().stable, sample(12), "{fault:?}");
        model.0.lock().unwrap().calls
    }

    #[test]
    fn whichever_call_fails_nothing_acknowledged_is_lost_and_the_rest_is_saved_when_the_disk_is_back() {
        for count in [1, 2, 5, usize::MAX] {
            for from in 1.. {
                if write_through(Fault { from, count }) < from {
                    assert!(from > 12, "the fault never came");
                    break;
                }
            }
        }
    }

    #[test]
    fn a_record_written_and_not_synced_is_not_durable() {
        let model = Model::new(Fault { from: 0, count: 0 });
        let mut tail = Tail::new(model.clone(), start());
        tail.push(&sealed(1, &start()));
        tail.save(Durability::Flush).unwrap();
        assert_eq!((tail.written(), tail.durable().seq, left_by_a_power_cut(&model)), (1, 0, 0));
        tail.save(Durability::Sync).unwrap();
        assert_eq!((tail.written(), tail.durable().seq, left_by_a_power_cut(&model)), (1, 1, 1));
    }
}
