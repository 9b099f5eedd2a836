//! What the embedded engine cannot evaluate is said before the night, not during it.

use crate::plan::position::Lines;
use crate::plan::{Diagnostic, File, Origin, Plan, Probe, Severity, SourceKind};
use crate::promql::engine;
use std::cell::LazyCell;

/// Complains of every query of a scrape source that the engine does not know.
pub(super) fn check(plan: &Plan, checklist: &str, bindings: &str) -> Vec<Diagnostic> {
    let scraped = |probe: &&Probe| matches!(plan.source(probe.source).kind, SourceKind::Scrape { .. });
    // Most plans have nothing to complain of.
    let lines = [checklist, bindings].map(|text| LazyCell::new(move || Lines::new(text)));
    let [checklist, bindings] = &lines;
    let mut found = Vec::new();
    for probe in plan.probes.iter().filter(scraped) {
        for query in probe.queries() {
            let Err(error) = engine::check(&query.text) else { continue };
            let (file, lines, line) = match probe.origin {
                Origin::Bindings { line } => (File::Bindings, bindings, line),
                Origin::Checklist { line } => (File::Checklist, checklist, line),
            };
            let diagnostic = Diagnostic::of_file(Severity::Error, file, format!("\"{}\": {error}", probe.name));
            let diagnostic = Diagnostic { line: Some(line), span: lines.span(line), ..diagnostic };
            found.push(diagnostic.helped("write it another way, or ask a Prometheus: kind = \"prometheus\""));
        }
    }
    found
}
