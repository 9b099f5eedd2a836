//! What people write, sign and answer, and how they find it in a long checklist.

use crate::plan::{ItemId, SectionId};
use crate::session::record::region::is_regional;
use crate::text::Millis;
use crate::tui::layer::Layer;
use crate::tui::layer::ask::{Ask, Field, Input, Must, Place, Then, Weight};
use crate::tui::pane::Pane;
use crate::tui::region::checklist::paper::{Paper, at_line};
use crate::tui::region::checklist::{self, Row};
use crate::tui::region::tonight;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;
use crate::tui::view::{Effect, View};

type Can = Result<(), String>;

/// What the selected row is to write in.
pub(super) fn selected(view: &View, scene: &Scene) -> Option<Paper> {
    if view.focus != Pane::Checklist {
        return None;
    }
    match view.row_of_checklist(scene)? {
        Row::Paper(paper) => Some(paper),
        row => at_line(scene, row.line(scene.plan())),
    }
}

pub(super) fn can_edit(view: &View, scene: &Scene) -> Can {
    let found = regional(view, scene).map(|_| ()).or(selected(view, scene).map(|_| ()));
    found.ok_or_else(|| "select a blank, a decision or a signature first: 3".to_owned())
}

/// Asks for what the selected row waits for.
pub(super) fn edit(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let ask = match (regional(view, scene), selected(view, scene)) {
        (Some(item), _) => region(view, scene, item, now),
        (None, Some(paper)) => ask(view, scene, paper, now),
        (None, None) => return Vec::new(),
    };
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

/// The selected line, if it is done region by region.
fn regional(view: &View, scene: &Scene) -> Option<ItemId> {
    let item = view.item(scene).filter(|_| view.focus == Pane::Checklist)?;
    is_regional(scene.plan(), item).then_some(item)
}

fn region(view: &View, scene: &Scene, item: ItemId, now: Millis) -> Ask {
    let item = scene.plan().item(item);
    let regions = Field {
        label: "region".to_owned(),
        input: Input::Choice { options: scene.plan().regions.clone(), at: 0 },
        must: Must::BeAnything,
        place: Place::Line(" "),
    };
    Ask::new("Done in which region?", "Tick", Then::Say("region".to_owned()), view.seen.clone(), now)
        .weight(Weight::Light)
        .tell(Tone::Strong, item.text.clone())
        .field(regions)
        .field(Field::text("line", Must::BeSomething, Place::Line(": ")).with(&format!("@{}", item.line)))
}

fn ask(view: &View, scene: &Scene, paper: Paper, now: Millis) -> Ask {
    let plan = scene.plan();
    let line = paper.line(plan);
    let begin = |title: &str, yes, head: String| {
        Ask::new(title, yes, Then::Say(head), view.seen.clone(), now)
            .weight(Weight::Light)
            .tell(Tone::Strong, paper.label(plan))
    };
    // A signature and a decision are somebody's own: the name is asked for each time.
    let name = || Field::text("name", Must::BeSomething, Place::Actor);
    let text = |label: &str| Field::text(label, Must::BeSomething, Place::Line(": "));
    match paper {
        Paper::Field(id) if plan.field(id).choices.is_empty() => {
            let known = scene.state().filled(id).map(|filled| filled.value).unwrap_or_default();
            begin("Fill in", "Write it", format!("fill {}", plan.place_of(id))).field(text("value").with(&known))
        }
        Paper::Field(id) => begin("Choose", "Choose", format!("fill {}", plan.place_of(id)))
            .field(choice(plan.field(id).choices.clone())),
        Paper::Decision(id) => {
            let boxes = crate::session::record::decision::boxes(plan, id);
            let ask = begin("Decide", "Decide", format!("decide @{line}"));
            let ask = if boxes.is_empty() {
                ask.field(text("answer"))
            } else {
                ask.field(choice(boxes.iter().map(|item| plan.item(*item).text.clone()).collect()))
            };
            ask.field(name())
        }
        Paper::SignOff(id) => match &scene.state().record.sign_offs[id.index()] {
            Some(entry) => begin("Take the signature back?", "Take back", format!("unsign @{line}"))
                .weight(Weight::Heavy)
                .tell(Tone::Plain, format!("{} has signed", entry.by))
                .field(name()),
            None => begin("Sign off", "Sign", format!("sign @{line}")).field(name()),
        },
        Paper::Score(id) => {
            let label = format!("0 to {}", crate::text::number::show(plan.score(id).most));
            begin("Score", "Score", format!("score @{line}")).field(text(&label)).field(name().with(&view.actor))
        }
        Paper::Question(_) => begin("Answer", "Answer", format!("answer @{line}")).field(text("answer")),
        Paper::Check(_) => begin("Made the check?", "Done", format!("done @{line}")),
    }
}

fn choice(options: Vec<String>) -> Field {
    Field {
        label: "choice".to_owned(),
        input: Input::Choice { options, at: 0 },
        must: Must::BeAnything,
        place: Place::Line(": "),
    }
}

pub(super) fn next_filter(view: &mut View, _: &Scene, now: Millis) -> Vec<Effect> {
    view.lines = view.lines.next();
    view.open_pane(Pane::Checklist);
    view.say_toast(Tone::Good, format!("the checklist shows: {}", view.lines.word()), now);
    Vec::new()
}

/// The next row that waits for somebody, from the selected one on and round again.
fn jump(view: &mut View, scene: &Scene, now: Millis, is_forward: bool) -> Vec<Effect> {
    view.open_pane(Pane::Checklist);
    view.folded.clear();
    let rows = checklist::rows(scene, view);
    let here = view.cursor(Pane::Checklist, scene);
    let count = rows.len();
    let is_open = |at: usize| match rows[at] {
        Row::Section(_) => false,
        Row::Item(id) => !scene.ramp.done[id.index()],
        Row::Paper(paper) => paper.is_open(scene),
    };
    let mut places =
        (1..=count).map(|step| if is_forward { (here + step) % count } else { (here + count - step) % count });
    match places.find(|at| is_open(*at)) {
        Some(at) => view.select(Pane::Checklist, scene, at),
        None => view.say_toast(Tone::Good, "nothing is open", now),
    }
    Vec::new()
}

pub(super) fn next_open(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    jump(view, scene, now, true)
}

pub(super) fn previous_open(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    jump(view, scene, now, false)
}

/// Folds every section, or unfolds them all.
pub(super) fn fold_all(view: &mut View, scene: &Scene, _: Millis) -> Vec<Effect> {
    if view.folded.is_empty() {
        let holds = |id: SectionId| scene.plan().items.iter().any(|item| item.section == Some(id));
        view.folded = (0..scene.plan().sections.len()).map(SectionId::at).filter(|id| holds(*id)).collect();
    } else {
        view.folded.clear();
    }
    Vec::new()
}

/// The section that the selection is, or stands in.
fn section(view: &View, scene: &Scene) -> Option<SectionId> {
    if view.focus != Pane::Checklist {
        return None;
    }
    match view.row_of_checklist(scene)? {
        Row::Section(id) => Some(id),
        Row::Item(id) => scene.plan().item(id).section,
        Row::Paper(paper) => scene.plan().section_at(paper.line(scene.plan())),
    }
}

fn open_in(scene: &Scene, section: SectionId) -> usize {
    let plan = scene.plan();
    let is_open = |(at, item): &(usize, &crate::plan::Item)| {
        !scene.ramp.done[ItemId::at(*at).index()] && plan.sections_around(item.section).any(|id| id == section)
    };
    plan.items.iter().enumerate().filter(is_open).count()
}

pub(super) fn can_leave_out_all(view: &View, scene: &Scene) -> Can {
    match section(view, scene) {
        None => Err("select a section of the checklist first: 3".to_owned()),
        Some(id) if open_in(scene, id) == 0 => Err("nothing is open in it".to_owned()),
        Some(_) => Ok(()),
    }
}

/// Asks for the one reason why a whole section does not apply.
pub(super) fn leave_out_all(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(id) = section(view, scene) else { return Vec::new() };
    let section = &scene.plan().sections[id.index()];
    let head = format!("na-section @{}", section.line);
    let ask = Ask::new("A whole section is not applicable", "Leave it out", Then::Say(head), view.seen.clone(), now)
        .tell(Tone::Strong, section.title.clone())
        .tell(Tone::Plain, format!("{} open lines are marked, all for one reason.", open_in(scene, id)))
        .field(Field::text("reason", Must::BeSomething, Place::Line(": ")))
        .field(Field::text("name", Must::BeSomething, Place::Actor).with(&view.actor));
    view.layers.push(Layer::Ask(ask));
    Vec::new()
}

pub(super) fn can_restore(_: &View, scene: &Scene) -> Can {
    let way_back = &scene.state().record.way_back;
    match (&way_back.decided, &way_back.completed) {
        (None, _) => Err("nobody has decided to roll back".to_owned()),
        (_, Some(entry)) => Err(format!("{} has said so", entry.by)),
        (Some(_), None) => Ok(()),
    }
}

/// Asks whether the old version serves everything again, with what the gates say of it.
pub(super) fn restore(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let mut ask =
        Ask::new("Is the rollback complete?", "Complete", Then::Say("restored".to_owned()), view.seen.clone(), now)
            .tell(Tone::Strong, "The old version serves all of the traffic.");
    for (name, tone, text) in tonight::way_back(scene).into_iter().skip(2) {
        ask = ask.tell(tone, format!("{name} {text}"));
    }
    view.layers.push(Layer::Ask(ask.field(Field::text("name", Must::BeSomething, Place::Actor).with(&view.actor))));
    Vec::new()
}
