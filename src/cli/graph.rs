//! `dualtrack graph`, and the pictures that `analyze` writes.

use super::args::GraphArgs;
use super::context::Context;
use super::output::{Output, complain, outputs, write_file};
use super::values::GraphDirection;
use super::{CliError, Common};
use crate::catalog::{ElementId, ElementKind};
use crate::config::Config;
use crate::engine::Judged;
use crate::report::picture::starts::{self, NoStart};
use crate::report::picture::{
    Growth, LAYOUT_LIMIT, Picture, Request, Start, USUAL_LIMIT, Way, dot, json, mermaid, pick, svg,
};
use crate::text::Shown;
use crate::text::did_you_mean;
use std::io::Write;
use std::path::Path;

/// Draws what was asked for.
pub(super) fn run(common: &Common, args: &GraphArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["dot", "svg", "mermaid", "json"])?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let request = request(args, &judged, &context.config)?;
    for output in &outputs {
        let request = Request { limit: limit(common.all, output.format), ..request.clone() };
        for note in draw(&judged, &request, output)?.iter().filter(|_| !common.quiet) {
            complain(&format!("note: {note}"));
        }
    }
    Ok(())
}

/// Writes `graph.dot`, and `graph.svg` when Graphviz is there: the user's own entities, worst first. Returns
/// what the user should know.
pub(super) fn write_pictures(
    judged: &Judged,
    config: &Config,
    folder: &Path,
) -> Result<Vec<String>, CliError> {
    let request = starts::usual(judged, config);
    let mut notes = draw(judged, &request, &Output { format: "dot", file: Some(&folder.join("graph.dot")) })?;
    let path = folder.join("graph.svg");
    match svg::draw(judged, &request) {
        Ok(drawn) => {
            write_file(&path, |w: &mut dyn Write| w.write_all(&drawn.bytes))?;
            notes.extend(drawn.note);
        }
        Err(error) => {
            let old = if path.is_file() { "; the one there is of an earlier run" } else { "" };
            notes.push(format!("no graph.svg: {error}{old}; graph.dot is written"));
        }
    }
    Ok(notes)
}

/// Text can be as long as it likes; Graphviz cannot lay out everything.
fn limit(all: bool, format: &str) -> Option<usize> {
    match (all, format) {
        (false, _) => Some(USUAL_LIMIT),
        (true, "svg") => Some(LAYOUT_LIMIT),
        (true, _) => None,
    }
}

fn request(args: &GraphArgs, judged: &Judged, config: &Config) -> Result<Request, CliError> {
    let way = |usual| match args.direction {
        None => usual,
        Some(GraphDirection::Up) => Way::Up,
        Some(GraphDirection::Down) => Way::Down,
        Some(GraphDirection::Both) => Way::Both,
    };
    let mut starts: Vec<Start> = Vec::new();
    for name in &args.entity {
        starts.push(Start { id: found(starts::entity(judged, name))?, way: way(Way::Down) });
    }
    for name in &args.table {
        starts.push(Start { id: found(starts::table(judged, name))?, way: way(Way::Up) });
    }
    let usual = starts::usual(judged, config);
    let (starts, growth) = if starts.is_empty() {
        (usual.starts.iter().map(|s| Start { way: way(s.way), ..*s }).collect(), usual.growth)
    } else {
        (starts, Growth::Together)
    };
    Ok(Request { starts, growth, depth: args.depth, untracked: args.untracked, limit: usual.limit })
}

fn found(result: Result<ElementId, NoStart>) -> Result<ElementId, CliError> {
    result.map_err(|missing| {
        let hint = match missing.is {
            Some(kind @ (ElementKind::Entity | ElementKind::View)) => {
                format!("; it is the name of {}: use --entity", with_article(kind))
            }
            Some(kind) => format!("; it is the name of {}: use --table", with_article(kind)),
            None => did_you_mean(&missing.near),
        };
        CliError::NotFound { kind: missing.kind, name: Shown(&missing.name).to_string(), hint }
    })
}

fn with_article(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Entity => "an entity",
        ElementKind::View => "a view",
        ElementKind::Table => "a table",
        ElementKind::Map => "a table map",
    }
}

fn draw(judged: &Judged, request: &Request, output: &Output) -> Result<Vec<String>, CliError> {
    if output.format == "svg" {
        return draw_svg(judged, request, output);
    }
    let picture = pick(judged, request);
    output.write(|w| match output.format {
        "mermaid" => mermaid::write(&picture, w),
        "json" => json::write(&picture, w),
        _ => dot::write(&picture, w),
    })?;
    let refusal = Some(&picture).filter(|_| output.format == "mermaid").and_then(mermaid::refusal);
    Ok(picture_notes(&picture, request).into_iter().chain(refusal).collect())
}

/// Without Graphviz the text for it is written instead, beside where the SVG would have been.
fn draw_svg(judged: &Judged, request: &Request, output: &Output) -> Result<Vec<String>, CliError> {
    match svg::draw(judged, request) {
        Ok(drawn) => {
            output.write(|w| w.write_all(&drawn.bytes))?;
            Ok(drawn.note.into_iter().chain(picture_notes(&drawn.picture, request)).collect())
        }
        Err(error) => {
            let file = output.file.map(|f| f.with_extension("dot"));
            let mut notes = draw(judged, request, &Output { format: "dot", file: file.as_deref() })?;
            let place = file.map_or("standard output".to_owned(), |f| f.display().to_string());
            notes.insert(0, format!("no SVG: {error}; wrote DOT to {} instead", Shown(&place)));
            Ok(notes)
        }
    }
}

fn picture_notes(picture: &Picture, request: &Request) -> Vec<String> {
    if picture.nodes.is_empty() {
        let what = if request.untracked { "nothing there is untracked" } else { "no entity is loaded" };
        return vec![format!("the picture is empty: {what}")];
    }
    let more = match request.limit {
        Some(limit) if limit == picture.nodes.len() && limit < LAYOUT_LIMIT => "; --all draws more",
        _ => "; --depth, --entity or --untracked choose what to see",
    };
    picture.shortage().map(|shortage| shortage + more).into_iter().collect()
}
