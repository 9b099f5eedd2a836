//! Stages and triggers in Portuguese, French, German and Spanish.

use super::*;

fn read(text: &str) -> Plan {
    compile(Input { checklist: Text { name: "list.md", text }, bindings: None }).plan
}

fn ramp(text: &str) -> Vec<(Option<f64>, Option<u64>)> {
    read(text).stages.iter().map(|stage| (stage.share, stage.soak.map(|soak| soak.as_secs() / 60))).collect()
}

#[test]
fn stages_with_their_soak() {
    for (text, share, minutes) in [
        ("## Fase 2: 15% dos clientes\n**Duração mínima:** 2 semanas\n", 15.0, 14 * 24 * 60),
        ("## Etapa 1 (15%)\n- [ ] Acompanhamento por 40 minutos\n", 15.0, 40),
        ("## Étape 1 : 15% du trafic\n**Durée :** 40 à 60 minutes d'observation\n", 15.0, 40),
        ("## Vague 1 (15%)\n- [ ] Surveiller pendant 40 minutes\n", 15.0, 40),
        ("## Stufe 1: 15 % der Kunden\n- [ ] 40 bis 60 Minuten beobachten\n", 15.0, 40),
        ("## Welle 1 (15%)\n**Dauer:** 2 Wochen\n", 15.0, 14 * 24 * 60),
        ("## Fase 1: 15% del trafico\n\nDuración mínima:\n- 40 a 60 minutos.\n", 15.0, 40),
        ("## Ola 1 (15%)\n- Monitoreo cada 5 minutos\n- [ ] Esperar 40 minutos\n", 15.0, 40),
    ] {
        assert_eq!(ramp(text), [(Some(share), Some(minutes))], "{text}");
    }
}

#[test]
fn lists_of_triggers() {
    for title in [
        "## Triggers de rollback",
        "## Critérios de parada",
        "Rollback imediato se:",
        "## Seuils d'arrêt automatique",
        "## Critères d'arrêt",
        "Rollback immédiat si :",
        "## Rollback-Trigger",
        "## Kriterien für den Rollback",
        "Sofortiger Rollback, wenn:",
        "## Gatillos de rollback",
        "## Umbrales de rollback",
        "Rollback inmediato si:",
    ] {
        let plan = read(&format!("- [ ] a\n\n{title}\n\n- 5xx > 4%\n"));
        let lines: Vec<_> = plan.triggers.iter().map(|trigger| trigger.line).collect();
        assert_eq!(lines, [5], "{title}");
        assert_eq!(plan.conditions.iter().map(|c| c.role).collect::<Vec<_>>(), [Role::Trigger], "{title}");
    }
}

#[test]
fn what_follows_an_arrow_calls_for_the_way_back() {
    let plan =
        read("- [ ] a\n\n- Fehlerrate > 3% → Abbruch\n- Latence > 2 s → Arrêt complet\n- Cola > 90 → Reversión\n");
    assert_eq!(plan.triggers.iter().map(|trigger| trigger.line).collect::<Vec<_>>(), [3, 4, 5]);
}

#[test]
fn columns_mean_what_their_heads_say_abroad() {
    for head in [
        "Métrica | Meta | Aceitável | Crítico",
        "Indicateur | Objectif | Seuil | Critique",
        "Kennzahl | Ziel | Grenzwert | Kritisch",
        "Métrica | Objetivo | Umbral | Crítico",
    ] {
        let plan = read(&format!("- [ ] a\n\n| {head} |\n|---|---|---|---|\n| CPU | <70% | <90% | >95% |\n"));
        let found: Vec<_> = plan.conditions.iter().map(|c| (c.limit.to_string(), c.target, c.role)).collect();
        assert_eq!(found, [("< 90 %".to_owned(), Some(70.0), Role::Gate)], "{head}");
    }
}
