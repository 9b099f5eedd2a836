//! A review shows what was live: the same frame at the same moment, however one comes to it.

mod steps;

use crate::board::night::Night;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use warroom::judge::{Moment, Why};
use warroom::room::{Live, player};
use warroom::session::store::{Archive, Reel, Target};
use warroom::text::Millis;
use warroom::tui::board;
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Theme};
use warroom::tui::view::View;
use warroom::tui::views::Page;

/// A night with what was live at moments of it.
pub(crate) struct Recorded {
    _folder: TempDir,
    path: PathBuf,
    pub(crate) archive: Arc<Archive>,
    moments: Vec<Arc<Live>>,
}

impl Recorded {
    /// Ten moments of a night with a breach, an outage, a hold and a rollback, and its log.
    pub(crate) fn new() -> Self {
        let mut moments = Vec::new();
        let mut night = Night::healthy().wobbles("error rate", 0.000_43).wobbles("latency p95", 0.084);
        let steps: [fn(Night) -> Night; 10] = [
            |night| night.runs(60).does("tick Backups"),
            |night| night.does("as Bo: tick On-call").runs(10).does("as Ana: start 10%"),
            |night| night.runs(20).does("moved").runs(200),
            |night| night.wobbles("error rate", 0.0042).runs(25),
            |night| night.wobbles("error rate", 0.000_43).runs(400).ticks_stage(),
            |night| night.does("as Ana: promote").runs(30).does("moved").runs(60),
            |night| night.misses("latency p95", Why::SourceDown, "connection refused").runs(35),
            |night| night.wobbles("latency p95", 0.084).does("as Bo: hold until Cy is back").runs(100),
            |night| night.does("as Bo: resume").wobbles("error rate", 0.031).runs(60).does("as Cy: note it climbs"),
            |night| night.does("as Ana: rollback errors climb").runs(20).does("as Cy: star last"),
        ];
        for step in steps {
            night = step(night);
            moments.push(night.live());
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("night.jsonl");
        night.write_log(&path);
        let archive = Arc::new(Archive::open(&path).expect("a session"));
        Self { _folder: folder, path, archive, moments }
    }
}

fn frame(live: &Arc<Live>, page: Page) -> Buffer {
    // As it was looked at in the second in which it was published.
    let scene = Scene::of(live, live.now, Millis::from_secs(1));
    let mut view = View::new("Ana");
    view.open(page);
    view.notice(&scene, Millis::ZERO);
    let mut frame = Buffer::empty(Rect::new(0, 0, 160, 45));
    board::draw(&scene, &view, Skin { theme: Theme::Dark, ascii: false }, &mut frame);
    frame
}

fn is_what_was_live(reel: &mut Reel, live: &Arc<Live>) {
    let seq = live.state.seq;
    reel.wind(Target::Event(seq)).expect("the log is there");
    assert_eq!(**reel.state(), *live.state, "the state at event {seq}");
    let then = reel.state().ramp.now + (live.now.mono - live.last.mono);
    let shown = player::shown(reel, then);
    assert_eq!((shown.now, shown.last), (live.now, live.last), "the clocks at event {seq}");
    for page in [Page::Board, Page::Gates, Page::Timeline] {
        assert_eq!(frame(&shown, page), frame(live, page), "the {page:?} at event {seq}");
    }
}

#[test]
fn ten_moments_look_as_they_did_live() {
    let night = Recorded::new();
    let mut reel = Reel::open(Arc::clone(&night.archive)).expect("a reel");
    assert_eq!(night.moments.len(), 10);
    for live in &night.moments {
        is_what_was_live(&mut reel, live);
    }
    // And to and fro: whichever way a moment is come to, it is the same one.
    for at in [9, 0, 5, 4, 8, 1, 7, 2] {
        is_what_was_live(&mut reel, &night.moments[at]);
    }
}

#[test]
fn a_moment_between_two_events_is_the_state_after_the_first() {
    let night = Recorded::new();
    let mut reel = Reel::open(Arc::clone(&night.archive)).expect("a reel");
    let polls = &night.archive.chronicle.polls;
    let between = Moment(polls[20].moment.0 + 1);
    reel.wind(Target::Moment(between)).expect("the log is there");
    assert_eq!(reel.state().ramp.now, polls[20].moment);
    reel.wind(Target::Moment(Moment(u64::MAX))).expect("the log is there");
    assert_eq!(**reel.state(), *night.archive.state, "behind the end is the end");
    reel.wind(Target::Moment(Moment(0))).expect("the log is there");
    assert_eq!(reel.state().ramp.now, Moment(0));
}

#[test]
fn a_cut_log_is_shown_as_far_as_it_is_whole() {
    let night = Recorded::new();
    let bytes = std::fs::read(&night.path).expect("a log");
    std::fs::write(&night.path, &bytes[..bytes.len() - 40]).expect("a shorter log");
    let cut = Arc::new(Archive::open(&night.path).expect("a session"));
    assert_eq!(cut.records, night.archive.records - 1);
    let mut reel = Reel::open(cut).expect("a reel");
    for live in night.moments.iter().take(9) {
        is_what_was_live(&mut reel, live);
    }
}
