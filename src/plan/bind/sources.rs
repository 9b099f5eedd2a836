//! Which source is asked: the one that is named, or the only one that can answer.

use crate::plan::bindings::{At, Bindings};
use crate::plan::complaints::Complaints;
use crate::plan::{SourceId, SourceKind, suggest};

/// What is asked of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Queries,
    Alerts,
}

impl Asked {
    const fn is_answered_by(self, kind: &SourceKind) -> bool {
        match self {
            Self::Queries => !matches!(kind, SourceKind::Alertmanager { .. }),
            Self::Alerts => !matches!(kind, SourceKind::Scrape { .. }),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Queries => "queries",
            Self::Alerts => "alerts",
        }
    }

    const fn help(self) -> &'static str {
        match self {
            Self::Queries => "add [source.NAME] with kind and url or targets",
            Self::Alerts => "add [source.NAME] with kind = \"prometheus\" or \"alertmanager\" and url",
        }
    }
}

/// The sources that can answer.
pub(super) fn able(bindings: &Bindings, asked: Asked) -> Vec<SourceId> {
    let able = bindings.sources.iter().enumerate().filter(|(_, source)| asked.is_answered_by(&source.kind));
    able.map(|(at, _)| SourceId::at(at)).collect()
}

/// The source that is asked; complains of `what` (as it is written: `[alerts]`) where that is none.
pub(super) fn pick(
    bindings: &Bindings,
    wanted: Option<&At<String>>,
    what: &At<String>,
    asked: Asked,
    complaints: &mut Complaints<'_>,
) -> Option<SourceId> {
    let able = able(bindings, asked);
    let name = |id: &SourceId| bindings.sources[id.index()].name.value.as_str();
    if let Some(wanted) = wanted {
        let found = able.iter().copied().find(|id| name(id) == wanted.value);
        if found.is_none() {
            let is_known = bindings.sources.iter().any(|source| source.name.value == wanted.value);
            let message = if is_known {
                format!("the source \"{}\" answers no {}", wanted.value, asked.word())
            } else {
                format!("unknown source \"{}\"", wanted.value)
            };
            complaints.error(wanted, message, suggest::did_you_mean(&wanted.value, able.iter().map(name)));
        }
        return found;
    }
    match able.as_slice() {
        [only] => Some(*only),
        [] => {
            complaints.error(what, format!("no source can answer {}", what.value), Some(asked.help().to_owned()));
            None
        }
        several => {
            let names: Vec<_> = several.iter().map(name).collect();
            let help = format!("say which: source = \"…\" ({})", names.join(", "));
            complaints.error(what, format!("{} could be asked of several sources", what.value), Some(help));
            None
        }
    }
}
