//! What the program promises, asked of the program as users have it: on the shell, in a terminal, against a
//! real Prometheus, with the disk, the network and its own process taken away.

mod backtest;
mod check;
mod check_live;
mod closing;
mod cutover;
mod demo_nights;
mod disk;
mod engine_differential;
mod evidence;
mod kill;
mod log_crash;
mod nights;
mod notify;
mod observe_alerts;
mod observe_faults;
mod observe_past;
mod observe_prometheus;
mod pty;
mod refusals;
mod reload;
mod seats;
mod sessions;
mod shell;
mod source_access;
mod source_modes;
mod support;
mod verify;
