//! `For each region (us-east-1, us-west-2):`: a section that stands for several places.

use super::SectionId;
use super::checklist::Checklist;
use super::diagnostic::Diagnostic;
use super::markdown::Entry;
use super::words::List;

/// The regions that a checklist names.
#[derive(Debug, Default)]
pub(super) struct Regions {
    pub names: Vec<String>,
    /// The list ends in `etc.`: there are more.
    pub open: bool,
    /// The sections whose lines are done once for each region.
    pub sections: Vec<SectionId>,
}

pub(super) fn read(list: &Checklist) -> Regions {
    let said: Vec<_> = list.having(List::EachRegion).filter(|(_, entry)| lists(entry)).map(|(at, _)| at).collect();
    let mut found = Regions::default();
    for at in &said {
        let (names, open) = listed(&list.entries[*at].text);
        found.open |= open;
        for name in names {
            if !found.names.contains(&name) {
                found.names.push(name);
            }
        }
    }
    // `Region: [NAME]` is the section that is meant; without one it is where the sentence stands.
    let titles = list.outline.sections.iter().enumerate();
    found.sections = titles.filter(|(_, s)| is_placeholder(&s.title)).map(|(at, _)| SectionId::at(at)).collect();
    if found.sections.is_empty() {
        found.sections = said.iter().filter_map(|at| list.outline.of(*at)).collect();
        found.sections.dedup();
    }
    found
}

/// What is to be said about regions that nobody has listed to the end.
pub(super) fn open(list: &Checklist, regions: &Regions) -> Option<Diagnostic> {
    let (_, entry) = list.having(List::EachRegion).find(|(_, entry)| regions.open && lists(entry))?;
    let message = "the list of regions is open: there is more than it names".to_owned();
    let names = regions.names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    Some(Diagnostic::info(entry, message).helped(format!("list all of them: [cutover] regions = [{names}, …]")))
}

fn lists(entry: &Entry) -> bool {
    entry.text.contains('(')
}

fn listed(line: &str) -> (Vec<String>, bool) {
    let inside = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    let parts = inside.split(',').flat_map(|part| part.split(" and ")).map(str::trim).filter(|part| !part.is_empty());
    let is_rest =
        |part: &str| matches!(part.trim_end_matches('.').to_lowercase().as_str(), "etc" | "…" | "" | "and so on");
    let (rest, names): (Vec<&str>, Vec<&str>) = parts.partition(|part| is_rest(part));
    // A region is a word: `us-east-1`; a sentence in parentheses is an aside.
    let all_words = names.iter().all(|name| !name.contains(' '));
    if all_words { (names.into_iter().map(str::to_owned).collect(), !rest.is_empty()) } else { (Vec::new(), false) }
}

fn is_placeholder(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["[region", "{region", "<region", "$region"].iter().any(|start| lower.contains(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_the_sections_that_repeat() {
        let list = Checklist::read(
            "## Regions\nFor each region (north-1, south-2, etc.):\n\n### Region: [REGION]\n- [ ] a\n### All\n- [ ] b\n",
        );
        let found = read(&list);
        assert_eq!(found.names, ["north-1", "south-2"]);
        assert_eq!(found.sections, [SectionId(1)]);
        assert!(open(&list, &found).is_some_and(|d| d.line == Some(2)));
    }

    #[test]
    fn without_a_placeholder_the_section_itself_repeats() {
        let found = read(&Checklist::read("# N\n## Places\nPer region (north and south):\n- [ ] a\n"));
        assert_eq!(
            (found.names, found.open, found.sections),
            (vec!["north".to_owned(), "south".to_owned()], false, vec![SectionId(1)])
        );
        assert!(read(&Checklist::read("Deploy per region (one after the other, slowly)\n")).names.is_empty());
    }
}
