//! The board in a terminal as the kernel gives it: what it does at the edges, where nobody looks until
//! it matters.
//!
//! Each test starts the program in a pseudo terminal, presses keys, reads the screen through an
//! emulator, and takes something away: the reader, the terminal, the disk, the source, the process.

mod asked;
mod drawing;
mod faults;
mod leaving;
mod ramp;
mod reviewed;
mod shared;
mod slow;
mod stalled;
mod suspended;
mod vanished;
