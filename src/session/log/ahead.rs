//! Reading ahead: the next records are read and checked while those before them are folded.
//!
//! Neither half waits for the other's result, and whoever would wait for the other parses: the reader while
//! the folder has enough to do, the folder otherwise. So both are busy until the end, whichever has more work.

use super::chain::Place;
use super::error::Error;
use super::reader::{Line, Reader};
use std::io::{Read, Seek};
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

/// Bytes of records that are handed on at once.
const BLOCK: usize = 128 << 10;
/// Blocks that may lie ready: the reader is never further ahead than this.
const READY: usize = 4;

/// Whole records in a row, as text.
#[derive(Default)]
struct Block {
    text: String,
    /// The length of each, its number and the place behind it.
    records: Vec<(usize, Place)>,
}

/// What is handed on: what was made of the records already, or what is to be made something of.
enum Ready<T> {
    Made(Vec<(T, Place)>),
    Raw(Block),
}

impl Block {
    fn push(&mut self, line: &Line<'_>, end: Place) {
        self.text.push_str(line.text);
        self.records.push((line.text.len(), end));
    }

    fn lines(&self) -> impl Iterator<Item = (Line<'_>, Place)> {
        let mut rest = self.text.as_str();
        self.records.iter().map(move |&(length, end)| {
            let (text, behind) = rest.split_at(length);
            rest = behind;
            (Line { seq: end.seq, text }, end)
        })
    }
}

impl<R: Read + Seek + Send> Reader<R> {
    /// Hands on every whole record there is, one after the other: what `parse` makes of it, on this thread
    /// or beside it, and the place behind it.
    ///
    /// # Errors
    /// The log's, or those of whoever takes the records: the rest is left then, and this reader stands
    /// somewhere behind the record that was refused.
    pub fn each<T: Send, E: From<Error>>(
        &mut self,
        parse: impl Fn(&Line<'_>) -> T + Sync,
        mut take: impl FnMut(T, Place) -> Result<(), E>,
    ) -> Result<(), E> {
        let (sender, ready) = sync_channel(READY);
        let parse = &parse;
        thread::scope(|scope| {
            let reading = scope.spawn(move || self.send_on(parse, &sender));
            // Where this returns early nobody receives any more, and the reader stops.
            for records in ready {
                match records {
                    Ready::Made(made) => made.into_iter().try_for_each(|(made, end)| take(made, end))?,
                    Ready::Raw(block) => block.lines().try_for_each(|(line, end)| take(parse(&line), end))?,
                }
            }
            reading.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(E::from)
        })
    }

    fn send_on<T>(&mut self, parse: &impl Fn(&Line<'_>) -> T, sender: &SyncSender<Ready<T>>) -> Result<(), Error> {
        let mut block = Block::default();
        while let Some((line, end)) = self.next_record()? {
            block.push(&line, end);
            if block.text.len() >= BLOCK && !hand_on(std::mem::take(&mut block), parse, sender) {
                return Ok(());
            }
        }
        // Who does not want it has refused a record before.
        hand_on(block, parse, sender);
        Ok(())
    }
}

/// Hands a block on as it is, or parsed where it would have to wait; false where nobody wants it.
fn hand_on<T>(block: Block, parse: &impl Fn(&Line<'_>) -> T, sender: &SyncSender<Ready<T>>) -> bool {
    match sender.try_send(Ready::Raw(block)) {
        Err(TrySendError::Full(Ready::Raw(block))) => {
            let made = block.lines().map(|(line, end)| (parse(&line), end)).collect();
            sender.send(Ready::Made(made)).is_ok()
        }
        sent => sent.is_ok(),
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

    /// Takes every record.
    fn each<T: Send>(
        reader: &mut Reader<Cursor<Vec<u8>>>,
        parse: impl Fn(&Line<'_>) -> T + Sync,
        mut take: impl FnMut(T, Place),
    ) {
        let all = reader.each(parse, |made, end| {
            take(made, end);
            Ok::<_, Error>(())
        });
        all.unwrap();
    }

    fn text(line: &Line<'_>) -> String {
        line.text.to_owned()
    }

    fn one_by_one(bytes: &[u8]) -> Vec<(String, Place)> {
        let mut reader = reader(bytes);
        let mut found = Vec::new();
        while let Some((line, end)) = reader.next_record().unwrap() {
            found.push((text(&line), end));
        }
        found
    }

    #[test]
    fn the_same_records_come_as_one_by_one() {
        for count in [0, 1, 3, 4_000] {
            let bytes = sample(count);
            let mut reader = reader(&bytes);
            let mut found = Vec::new();
            each(&mut reader, text, |text, end| found.push((text, end)));
            assert!(found == one_by_one(&bytes), "{count} records");
            assert_eq!(reader.place().offset, bytes.len() as u64);
        }
    }

    #[test]
    fn what_is_cut_off_is_left_to_the_reader() {
        let bytes = sample(3);
        let mut reader = reader(&bytes[..bytes.len() - 4]);
        let mut last = 0;
        each(&mut reader, |line| line.seq, |seq, _| last = seq);
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
        let refused = reader(&bytes).each(
            |line| line.seq,
            |seq, _| {
                last = seq;
                if seq == 7 { Err(Enough) } else { Ok(()) }
            },
        );
        assert!(refused.is_err());
        assert_eq!(last, 7);
    }
}
