use crate::plan::Duty;
use crate::plan::checklist::Checklist;

fn duties(text: &str) -> Vec<(String, Duty)> {
    super::read(&Checklist::read(text)).into_iter().map(|item| (item.text, item.duty)).collect()
}

fn duty(text: &str, item: &str) -> Duty {
    duties(text).into_iter().find(|(own, _)| own == item).expect("the item is there").1
}

const NIGHT: &str = "\
## Before
- [ ] Backup
  - [ ] Taken
  - [ ] Copied (optional)
- [ ] Tell support (if applicable)
## Rollback plan
- [ ] Rehearsed
## Ramp
- [ ] 10% traffic
  - [ ] Logs quiet
- [ ] Watch for 5 minutes
- [ ] 100% traffic
  - [ ] Logs quiet still
## Rollback triggers
- [ ] Errors > 5%
## Rollback steps
- [ ] Undo
## Later
- [ ] Party
### Things to watch for
- [ ] Leaks
";

#[test]
fn each_line_stands_where_it_is_needed() {
    for (item, want) in [
        ("Backup", Duty::Children),
        ("Taken", Duty::Start),
        ("Copied (optional)", Duty::None),
        ("Tell support (if applicable)", Duty::None),
        ("Rehearsed", Duty::Start),
        ("10% traffic", Duty::Moved),
        ("Logs quiet", Duty::Stage),
        ("Watch for 5 minutes", Duty::Soak),
        ("100% traffic", Duty::Moved),
        ("Logs quiet still", Duty::Stage),
        ("Errors > 5%", Duty::None),
        ("Undo", Duty::None),
        ("Party", Duty::None),
        ("Leaks", Duty::None),
    ] {
        assert_eq!(duty(NIGHT, item), want, "{item}");
    }
}

#[test]
fn without_a_ramp_the_whole_list_is_due() {
    assert_eq!(duties("- [ ] a\n- [ ] b\n"), [("a".to_owned(), Duty::Start), ("b".to_owned(), Duty::Start)]);
}

#[test]
fn answers_share_one_choice() {
    let items =
        super::read(&Checklist::read("- [ ] **YES** - go\n- [ ] **NO** - stop\n\ntext\n\n- [ ] yes\n- [ ] Backup\n"));
    let choices: Vec<_> = items.iter().map(|item| item.choice.map(|id| id.0)).collect();
    assert_eq!(choices, [Some(0), Some(0), None, None]);
}

#[test]
fn a_list_without_boxes_has_its_steps() {
    let text =
        "# Night\n## 1. Build\n```bash\nmake\n```\n## 2. Talk\ntext\n## 3. Ramp\n```bash\n# 10% traffic\nmove\n```\n";
    assert_eq!(duties(text), [("1. Build".to_owned(), Duty::Start), ("3. Ramp".to_owned(), Duty::None)]);
}

#[test]
fn what_is_named_as_done_before_is_asked_for_wherever_it_stands() {
    let ramp = "## Rollout\n| Stage | Traffic | Soak |\n|---|---|---|\n| 1 | 10% | 5 min |\n| 2 | 100% | 5 min |\n";
    for title in ["Pre-deployment checklist", "Prerequisites", "Pre-flight", "Pre-go-live tasks"] {
        assert_eq!(duty(&format!("{ramp}## {title}\n- [ ] Backup\n"), "Backup"), Duty::Start, "{title}");
    }
    assert_eq!(duty(&format!("# Pre-launch checklist\n{ramp}## Clean-up\n- [ ] Flags\n"), "Flags"), Duty::None);
    assert_eq!(duty(&format!("{ramp}## Clean-up\n- [ ] Flags\n"), "Flags"), Duty::None);
    assert_eq!(duty(&format!("{ramp}## Pre-launch (optional)\n- [ ] Cake\n"), "Cake"), Duty::None);
}
