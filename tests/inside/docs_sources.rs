//! The pages of the documentation are true: every binding on them is read without a complaint.

use warroom::plan::{Input, Text, compile};

/// The TOML blocks of a page that bind a source.
fn bindings(page: &str) -> Vec<String> {
    let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(str::to_owned).collect()
}

#[test]
fn every_source_on_the_page_can_be_bound() {
    let blocks = bindings(include_str!("../../docs/sources.md"));
    assert!(blocks.len() >= 6, "only {} blocks", blocks.len());
    for block in blocks {
        // A part of a binding stands for the whole one.
        let block =
            if block.contains("[source.") { block } else { format!("[source.prod]\nkind = \"prometheus\"\n{block}") };
        let compiled = compile(Input {
            checklist: Text { name: "go.md", text: "# Go\n\n- [ ] Ready\n" },
            bindings: Some(Text { name: "go.toml", text: &block }),
        });
        assert!(compiled.is_valid(), "{:#?}\n{block}", compiled.diagnostics);
        assert_eq!(compiled.plan.sources.len(), 1, "{block}");
    }
}
