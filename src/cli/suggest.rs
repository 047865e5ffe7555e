//! `dualtrack suggest`.

use super::args::SuggestArgs;
use super::context::Context;
use super::output::{outputs, print_text};
use super::{CliError, Common, subject};
use crate::catalog::{Catalog, ElementId};
use crate::edit::{self, FileChange};
use crate::engine::{Judged, Model, judge_as_if};
use crate::report::suggest::{Suggestions, WhatIf, json, markdown, write, xpp};
use crate::source::with_slashes;
use crate::suggest::{EntityPlan, all_changes, missing_of, rename_steps, shifts, worst_first};
use crate::text::Shown;
use crate::text::count;
use crate::tracking::{EntityAnalysis, Scope};
use std::io::{self, Write};
use std::path::Path;

/// Suggests changes, and makes them when asked to.
pub(super) fn run(common: &Common, args: &SuggestArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json", "markdown", "xpp"])?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let named = named(&model.catalog, args)?;
    let mut what_if = supposed(&model.catalog, args, &named)?;
    let mut judged = judge(&context, &model, &what_if);
    let (entities, others) = chosen(&context, common, &judged, &named, &what_if);
    if let Some(name) = &args.field_name {
        rename_steps(&model.catalog, &mut judged.needed, &entities, name)?;
    }
    let plans = worst_first(judged.plans(&context.config, &entities));
    if args.diff || args.apply {
        return change(common, &context, &model, args, &plans);
    }
    if !what_if.is_empty() {
        let before = context.judge(&model);
        for change in &mut what_if {
            let (then, now) = ((&judged.analysis, &*judged.needed), (&before.analysis, &*before.needed));
            change.shift = shifts(now, then, change.entity);
        }
    }
    let (config, all) = (&context.config, common.all);
    let suggestions = Suggestions {
        judged: &judged,
        config,
        plans: &plans,
        entities: &entities,
        others,
        what_if: &what_if,
        all,
    };
    for output in outputs {
        output.write(|out| match output.format {
            "json" => json::write(&suggestions, out),
            "markdown" => markdown::write(&suggestions, out),
            "xpp" => xpp::write(&suggestions, out),
            _ => write(&suggestions, out),
        })?;
    }
    Ok(())
}

fn named(catalog: &Catalog, args: &SuggestArgs) -> Result<Vec<ElementId>, CliError> {
    let mut named = Vec::new();
    for name in &args.entity {
        let id = subject::entity(catalog, name)?;
        if !named.contains(&id) {
            named.push(id);
        }
    }
    Ok(named)
}

/// The verdicts, as if maps had the fields that they are supposed to have.
fn judge<'m>(context: &Context, model: &'m Model, what_if: &[WhatIf]) -> Judged<'m> {
    judge_as_if(model, &context.config, context.threads, &|scope| suppose(scope, what_if))
}

/// The suggestions for the user's entities, with `--all` for all, as `analyze` writes them.
pub(super) fn write_own(
    common: &Common,
    context: &Context,
    judged: &Judged,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (entities, others) = chosen(context, common, judged, &[], &[]);
    let plans = worst_first(judged.plans(&context.config, &entities));
    let (config, all) = (&context.config, common.all);
    let suggestions =
        Suggestions { judged, config, plans: &plans, entities: &entities, others, what_if: &[], all };
    markdown::write(&suggestions, out)
}

/// The fields of `--with-field` and `--without-field`, by entity.
fn supposed(catalog: &Catalog, args: &SuggestArgs, named: &[ElementId]) -> Result<Vec<WhatIf>, CliError> {
    let mut list: Vec<WhatIf> = Vec::new();
    let with = args.with_field.iter().map(|text| (text, true));
    for (text, mapped) in with.chain(args.without_field.iter().map(|text| (text, false))) {
        let (entity, field) = subject::entity_field(catalog, text, named)?;
        match list.iter_mut().find(|w| w.entity == entity) {
            Some(known) => known.fields.push((field, mapped)),
            None => list.push(WhatIf {
                entity,
                fields: vec![(field, mapped)],
                shift: crate::suggest::Shift::default(),
            }),
        }
    }
    Ok(list)
}

fn suppose(scope: &mut Scope, what_if: &[WhatIf]) {
    for change in what_if {
        for (field, mapped) in &change.fields {
            if *mapped {
                scope.add(change.entity, *field);
            } else {
                scope.remove(change.entity, *field);
            }
        }
    }
}

/// The entities that are planned, and how many others have something that could be suggested.
fn chosen(
    context: &Context,
    common: &Common,
    judged: &Judged,
    named: &[ElementId],
    what_if: &[WhatIf],
) -> (Vec<ElementId>, usize) {
    if !named.is_empty() {
        return (named.to_vec(), 0);
    }
    let supposed: Vec<ElementId> = what_if.iter().map(|w| w.entity).collect();
    let own =
        |id: ElementId| common.all || judged.model.is_own(&context.config, id) || supposed.contains(&id);
    let in_scope: Vec<&EntityAnalysis> = judged.analysis.entities.iter().filter(|e| e.in_scope).collect();
    let has_something = |e: &&&EntityAnalysis| {
        !missing_of(&judged.needed, e.id).is_empty()
            || e.mapping.entries.iter().any(|x| x.rows_saved.is_some())
    };
    let others = in_scope.iter().filter(|e| !own(e.id)).filter(has_something).count();
    (in_scope.into_iter().map(|e| e.id).filter(|id| own(*id)).collect(), others)
}

/// Changes are made in at most so many rounds: with an entry gone, another one may be seen to be of no use.
const ROUNDS: usize = 8;

/// Shows the changes of files as a diff, or makes them.
fn change(
    common: &Common,
    context: &Context,
    model: &Model,
    args: &SuggestArgs,
    plans: &[EntityPlan],
) -> Result<(), CliError> {
    let files = edit::plan(&all_changes(plans))?;
    if args.diff {
        let diff = edit::unified_diff(&files, &|path| shown_path(model, path));
        print_text(|out| write!(out, "{diff}"))?;
    }
    if !args.apply {
        return Ok(());
    }
    if files.is_empty() {
        return print_text(|out| writeln!(out, "Nothing to do: {}", nothing(plans)));
    }
    let mut done = Done::default();
    done.apply(context, model, &files, plans)?;
    for _ in 1..ROUNDS {
        let model = context.load()?;
        let named = named(&model.catalog, args)?;
        let what_if = supposed(&model.catalog, args, &named)?;
        let judged = judge(context, &model, &what_if);
        let (entities, _) = chosen(context, common, &judged, &named, &what_if);
        let plans = worst_first(judged.plans(&context.config, &entities));
        let files = edit::plan(&all_changes(&plans))?;
        if files.is_empty() {
            break;
        }
        done.apply(context, &model, &files, &plans)?;
    }
    if args.diff { Ok(()) } else { print_text(|out| done.write(out)) }
}

/// What was changed.
#[derive(Default)]
struct Done {
    /// Paths, and whether the file is new.
    files: Vec<(String, bool)>,
    entities: Vec<String>,
}

impl Done {
    fn apply(
        &mut self,
        context: &Context,
        model: &Model,
        files: &[FileChange],
        plans: &[EntityPlan],
    ) -> Result<(), CliError> {
        edit::apply(files, &model.own_folders(&context.config))?;
        for file in files {
            let path = shown_path(model, &file.path);
            if !self.files.iter().any(|(known, _)| *known == path) {
                self.files.push((path, file.before.is_none()));
            }
        }
        for plan in plans.iter().filter(|p| !p.changes.is_empty()) {
            let name = model.catalog.element(plan.entity).name.text.to_string();
            if !self.entities.contains(&name) {
                self.entities.push(name);
            }
        }
        Ok(())
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Changed {}:", count(self.files.len(), "file"))?;
        for (path, is_new) in &self.files {
            writeln!(out, "  {}{}", Shown(path), if *is_new { " (new)" } else { "" })?;
        }
        writeln!(out, "Now build, synchronise the database, then stop and start the table maps of:")?;
        self.entities.iter().try_for_each(|name| writeln!(out, "  {}", Shown(name)))
    }
}

fn nothing(plans: &[EntityPlan]) -> &'static str {
    if plans.iter().any(|p| !p.needs.is_empty() || !p.removals.is_empty()) {
        "what is left cannot be changed by this tool; without --apply it says why."
    } else {
        "no entry is missing, and none can go."
    }
}

/// A path relative to its metadata root, with `/`.
fn shown_path(model: &Model, path: &Path) -> String {
    let relative = model.files.roots.iter().find_map(|root| path.strip_prefix(&root.absolute).ok());
    with_slashes(relative.unwrap_or(path))
}
