//! Who is here: the holder's book of its guests.

use crate::order;
use crate::room::company::People;
use crate::room::{Request, Seat};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};

/// The holder's own seat.
const OWN: u64 = 0;

/// Requests of one's own seat that wait at most before the room's own queue.
const WAITING: usize = 16;

/// The book; copies of it are the same book.
#[derive(Clone, Debug)]
pub struct Book {
    pages: Arc<Mutex<Pages>>,
    people: Arc<watch::Sender<People>>,
}

#[derive(Debug, Default)]
struct Pages {
    last: u64,
    /// The name of each seat; none for one that only watches.
    seats: BTreeMap<u64, Option<String>>,
}

/// A seat in the book; it is struck out when this is dropped.
#[derive(Debug)]
pub struct Entry {
    book: Book,
    id: u64,
}

impl Book {
    /// A book with the holder's own seat in it.
    #[must_use]
    pub fn open(own: &str) -> Self {
        let pages = Pages { last: OWN, seats: order::map([(OWN, Some(own.to_owned()))]) };
        let people = Arc::new(watch::channel(people(&pages)).0);
        Self { pages: Arc::new(Mutex::new(pages)), people }
    }

    /// Who is here, and word of every change.
    #[must_use]
    pub fn people(&self) -> watch::Receiver<People> {
        self.people.subscribe()
    }

    /// Enters a guest that only watches as yet.
    #[must_use]
    pub fn enter(&self) -> Entry {
        let mut pages = self.pages();
        pages.last += 1;
        let id = pages.last;
        pages.seats.insert(id, None);
        self.tell(pages);
        Entry { book: self.clone(), id }
    }

    /// A seat whose person is in the book under the name they last acted by.
    #[must_use]
    pub fn follow(&self, seat: Seat) -> Seat {
        let (requests, mut incoming) = mpsc::channel::<Request>(WAITING);
        let (live, book) = (seat.live.clone(), self.clone());
        tokio::spawn(async move {
            while let Some(request) = incoming.recv().await {
                book.name(OWN, &request.0.by);
                if seat.requests.send(request).await.is_err() {
                    return;
                }
            }
        });
        Seat { live, requests }
    }

    fn name(&self, id: u64, name: &str) {
        let mut pages = self.pages();
        let known = pages.seats.get(&id).and_then(Option::as_deref);
        if known == Some(name) || (known.is_some() && name.is_empty()) {
            return;
        }
        pages.seats.insert(id, Some(name.to_owned()));
        self.tell(pages);
    }

    fn strike(&self, id: u64) {
        let mut pages = self.pages();
        pages.seats.remove(&id);
        self.tell(pages);
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::needless_pass_by_value, reason = "the book is closed when this is said")]
    fn tell(&self, pages: MutexGuard<'_, Pages>) {
        self.people.send_replace(people(&pages));
    }
}

impl Entry {
    /// Says who sits here; they may act from now on. Nobody is no name for somebody who had one.
    pub fn name(&self, name: &str) {
        self.book.name(self.id, name);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.book.strike(self.id);
    }
}

fn people(pages: &Pages) -> People {
    let here = pages.seats.values().filter_map(Clone::clone).collect();
    People { here, watching: pages.seats.values().filter(|name| name.is_none()).count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_here_until_they_leave() {
        let book = Book::open("Ana");
        let people = book.people();
        let say = || people.borrow().say();
        assert_eq!(say(), None);
        let guest = book.enter();
        assert_eq!(say().as_deref(), Some("Ana, 1 watches"));
        guest.name("");
        assert_eq!(say().as_deref(), Some("Ana, somebody"));
        guest.name("Ben");
        guest.name("");
        assert_eq!(say().as_deref(), Some("Ana, Ben"));
        drop(guest);
        assert_eq!(say(), None);
    }
}
