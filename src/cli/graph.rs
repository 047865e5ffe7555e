//! `dualtrack graph`, and the pictures that `analyze` writes.

use super::args::{FormatArg, GraphArgs, GraphDirection};
use super::context::Context;
use super::output::write_file;
use super::{CliError, Common};
use crate::catalog::ElementId;
use crate::config::Config;
use crate::engine::Judged;
use crate::report::picture::starts::{self, NoStart};
use crate::report::picture::svg::{Graphviz, NoSvg};
use crate::report::picture::{
    Growth, LAYOUT_LIMIT, Picture, Request, Start, USUAL_LIMIT, Way, dot, json, mermaid, pick,
};
use crate::report::style::Shown;
use crate::text::did_you_mean;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// When Graphviz is too slow, it is given a picture of so many elements instead.
const SMALL: usize = 25;

/// A format of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Dot,
    Svg,
    Mermaid,
    Json,
}

/// Draws what was asked for.
pub(super) fn run(common: &Common, args: &GraphArgs) -> Result<(), CliError> {
    let formats = formats(common)?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let request = request(args, &judged, &context.config)?;
    for (format, file) in formats {
        let request = Request { limit: limit(common.all, format), ..request.clone() };
        let notes = draw(&judged, &request, format, file.as_deref())?;
        for note in notes.iter().filter(|_| !common.quiet) {
            anstream::eprintln!("note: {note}");
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
    let mut notes = draw(judged, &request, Format::Dot, Some(&folder.join("graph.dot")))?;
    let path = folder.join("graph.svg");
    match svg(judged, &request) {
        Ok(drawn) => {
            write_file(&path, |w| w.write_all(&drawn.bytes))?;
            notes.extend(drawn.note);
        }
        Err(error) => {
            let old = if path.is_file() { "; the one there is of an earlier run" } else { "" };
            notes.push(format!("graph.svg is not written: {error}{old}; graph.dot is written"));
        }
    }
    Ok(notes)
}

fn formats(common: &Common) -> Result<Vec<(Format, Option<PathBuf>)>, CliError> {
    let mut formats: Vec<_> = common.format.iter().map(format).collect::<Result<_, _>>()?;
    if common.json {
        formats.push((Format::Json, None));
    }
    if formats.is_empty() {
        formats.push((Format::Dot, None));
    }
    Ok(formats)
}

fn format(arg: &FormatArg) -> Result<(Format, Option<PathBuf>), CliError> {
    let format = match arg.format.as_str() {
        "dot" => Format::Dot,
        "svg" => Format::Svg,
        "mermaid" => Format::Mermaid,
        "json" => Format::Json,
        other => {
            let known = "dot, svg, mermaid, json".to_owned();
            return Err(CliError::UnknownFormat { format: other.to_owned(), known });
        }
    };
    Ok((format, arg.file.clone()))
}

/// Text can be as long as it likes; Graphviz cannot lay out everything.
fn limit(all: bool, format: Format) -> Option<usize> {
    match (all, format) {
        (false, _) => Some(USUAL_LIMIT),
        (true, Format::Svg) => Some(LAYOUT_LIMIT),
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
        let option = match missing.is {
            Some(crate::catalog::ElementKind::Entity | crate::catalog::ElementKind::View) => "--entity",
            _ => "--table",
        };
        let hint = match missing.is {
            Some(kind) => format!("; it is a {}: use {option}", kind.word()),
            None => did_you_mean(&missing.near),
        };
        CliError::NotFound { kind: missing.kind, name: Shown(&missing.name).to_string(), hint }
    })
}

fn draw(
    judged: &Judged,
    request: &Request,
    format: Format,
    file: Option<&Path>,
) -> Result<Vec<String>, CliError> {
    if format == Format::Svg {
        return draw_svg(judged, request, file);
    }
    let picture = pick(judged, request);
    let mut notes = picture_notes(&picture, request);
    put(file, |w| match format {
        Format::Mermaid => mermaid::write(&picture, w),
        Format::Json => json::write(&picture, w),
        Format::Dot | Format::Svg => dot::write(&picture, w),
    })?;
    if format == Format::Mermaid {
        notes.extend(mermaid::refusal(&picture));
    }
    Ok(notes)
}

/// Without Graphviz the text for it is written instead, beside where the SVG would have been.
fn draw_svg(judged: &Judged, request: &Request, file: Option<&Path>) -> Result<Vec<String>, CliError> {
    match svg(judged, request) {
        Ok(drawn) => {
            put(file, |w| w.write_all(&drawn.bytes))?;
            Ok(drawn.note.into_iter().chain(picture_notes(&drawn.picture, request)).collect())
        }
        Err(error) => {
            let instead = file.map(|f| f.with_extension("dot"));
            let mut notes = draw(judged, request, Format::Dot, instead.as_deref())?;
            let place = instead.map_or("standard output".to_owned(), |f| f.display().to_string());
            notes.insert(0, format!("no SVG: {error}; wrote DOT to {place} instead"));
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
        Some(LAYOUT_LIMIT) => "; --depth, --entity or --untracked choose what to see",
        _ => "; --all draws more",
    };
    picture.shortage().map(|shortage| shortage + more).into_iter().collect()
}

/// A picture that Graphviz has drawn.
struct Drawn {
    bytes: Vec<u8>,
    picture: Picture,
    /// It is not the one that was asked for.
    note: Option<String>,
}

fn svg(judged: &Judged, request: &Request) -> Result<Drawn, NoSvg> {
    let graphviz = Graphviz::find()?;
    let picture = pick(judged, request);
    match graphviz.svg(&dot::text(&picture)) {
        Ok(bytes) => Ok(Drawn { bytes, picture, note: None }),
        Err(error @ NoSvg::TooSlow(_)) if picture.nodes.len() > SMALL => {
            let picture = pick(judged, &Request { limit: Some(SMALL), ..request.clone() });
            let bytes = graphviz.svg(&dot::text(&picture))?;
            let note = format!("{error}; the picture has {} elements instead", picture.nodes.len());
            Ok(Drawn { bytes, picture, note: Some(note) })
        }
        Err(error) => Err(error),
    }
}

fn put(file: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    match file {
        Some(path) => write_file(path, write),
        None => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            write(&mut out)?;
            Ok(out.flush()?)
        }
    }
}
