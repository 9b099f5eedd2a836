//! Reading ahead: the next records are read and checked while those before them are taken in.
//!
//! Checking a line and folding it cost about the same, and neither waits for the other's result: a long
//! night opens in the time of the slower one.

use super::chain::Place;
use super::error::Error;
use super::reader::{Line, Reader};
use std::io::{Read, Seek};
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Bytes of records that are handed on at once.
const BLOCK: usize = 128 << 10;
/// Blocks that may lie ready: the reader is never further ahead than this.
const READY: usize = 4;

/// Records in a row, checked.
struct Block {
    begins_at: u64,
    text: String,
    /// The end of each.
    ends: Vec<Place>,
}

impl Block {
    fn behind(place: &Place) -> Self {
        Self { begins_at: place.offset, text: String::with_capacity(BLOCK + BLOCK / 4), ends: Vec::new() }
    }

    fn push(&mut self, line: &Line<'_>, end: Place) {
        self.text.push_str(line.text);
        self.text.push('\n');
        self.ends.push(end);
    }

    fn lines(&self) -> impl Iterator<Item = (Line<'_>, &Place)> {
        let at = |place: &Place| usize::try_from(place.offset - self.begins_at).unwrap_or(usize::MAX);
        let mut begin = 0;
        self.ends.iter().map(move |end| {
            let text = self.text.get(begin..at(end) - 1).unwrap_or_default();
            begin = at(end);
            (Line { seq: end.seq, text }, end)
        })
    }
}

impl<R: Read + Seek + Send> Reader<R> {
    /// Hands on every whole record there is, one after the other, each with the place behind it.
    ///
    /// # Errors
    /// The log's, or those of whoever takes the records: the rest is left then, and this reader stands
    /// somewhere behind the record that was refused.
    pub fn each<E: From<Error>>(&mut self, mut take: impl FnMut(&Line<'_>, &Place) -> Result<(), E>) -> Result<(), E> {
        let (sender, blocks) = sync_channel(READY);
        thread::scope(|scope| {
            let reading = scope.spawn(move || self.send_on(&sender));
            // Where this returns early nobody receives any more, and the reader stops.
            for block in blocks {
                block.lines().try_for_each(|(line, end)| take(&line, end))?;
            }
            reading.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(E::from)
        })
    }

    fn send_on(&mut self, blocks: &SyncSender<Block>) -> Result<(), Error> {
        let mut block = Block::behind(self.place());
        loop {
            let more = self.next_record()?;
            if let Some((line, end)) = &more {
                block.push(line, *end);
            }
            let is_over = more.is_none();
            if is_over || block.text.len() >= BLOCK {
                let full = std::mem::replace(&mut block, Block::behind(self.place()));
                if blocks.send(full).is_err() || is_over {
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;
    use std::io::Cursor;
    use std::path::Path;

    fn reader(bytes: &[u8]) -> Reader<Cursor<Vec<u8>>> {
        Reader::over(Cursor::new(bytes.to_vec()), Path::new("log")).unwrap()
    }

    fn one_by_one(bytes: &[u8]) -> Vec<(String, Place)> {
        let mut reader = reader(bytes);
        let mut found = Vec::new();
        while let Some((line, end)) = reader.next_record().unwrap() {
            found.push((line.text.to_owned(), end));
        }
        found
    }

    #[test]
    fn the_same_records_come_as_one_by_one() {
        for count in [0, 1, 3, 4_000] {
            let bytes = sample(count);
            let mut reader = reader(&bytes);
            let mut found = Vec::new();
            reader
                .each(|line, end| {
                    found.push((line.text.to_owned(), *end));
                    Ok::<_, Error>(())
                })
                .unwrap();
            assert!(found == one_by_one(&bytes), "{count} records");
            assert_eq!(reader.place().offset, bytes.len() as u64);
        }
    }

    #[test]
    fn what_is_cut_off_is_left_to_the_reader() {
        let bytes = sample(3);
        let mut reader = reader(&bytes[..bytes.len() - 4]);
        let mut last = 0;
        reader
            .each(|line, _| {
                last = line.seq;
                Ok::<_, Error>(())
            })
            .unwrap();
        assert_eq!(last, 2);
        assert!(matches!(reader.ending().unwrap(), super::super::Ending::Torn(_)));
    }

    #[test]
    fn who_refuses_a_record_gets_no_further_one() {
        #[derive(Debug)]
        struct Enough;
        impl From<Error> for Enough {
            fn from(_: Error) -> Self {
                Self
            }
        }
        let bytes = sample(4_000);
        let mut last = 0;
        let refused = reader(&bytes).each(|line, _| {
            last = line.seq;
            if last == 7 { Err(Enough) } else { Ok(()) }
        });
        assert!(refused.is_err());
        assert_eq!(last, 7);
    }
}
