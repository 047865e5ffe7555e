//! `--watch`: runs a command again whenever its inputs change, and prints what that did.

use super::context::Context;
use super::output::{Output, complain, error_text};
use super::{CliError, Common, pipeline};
use crate::config::Config;
use crate::diff::Pair;
use crate::engine::{self, Judged, Model, Verdicts};
use crate::report::watch as report;
use crate::source::in_pool;
use crate::text::count;
use crate::watch::{Change, Inputs, Lost, Observed, Watcher, World, lost};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A file that is locked is tried again after so long.
const RETRY: Duration = Duration::from_secs(2);

/// A command that can be run again.
pub(super) trait Repeated {
    /// What it needs before metadata is loaded.
    type Ready: AsRef<Context>;
    /// What it finds beyond the verdicts.
    type Found;

    /// Options of every command.
    fn common(&self) -> &Common;
    /// Reads the configuration, and whatever else is small.
    fn prepare(&self) -> Result<Self::Ready, CliError>;
    /// What it reads beside metadata, maps and configuration.
    fn other_inputs(&self, ready: &Self::Ready) -> Vec<PathBuf>;
    /// The files that it writes.
    fn results(&self, ready: &Self::Ready) -> Vec<PathBuf>;
    /// Judges what was loaded.
    fn judge<'m>(&self, ready: &Self::Ready, model: &'m Model) -> Judged<'m> {
        let context = ready.as_ref();
        engine::judge(model, &context.config, context.threads)
    }
    /// Finds what it is about.
    fn find(&self, ready: &Self::Ready, judged: &Judged) -> Result<Self::Found, CliError>;
    /// Writes what is asked for.
    fn write(
        &self,
        ready: &Self::Ready,
        judged: &Judged,
        found: &Self::Found,
        to: To,
    ) -> Result<(), CliError>;
    /// Prints what a run found that the one before did not. Of a quiet one nothing where nothing is new.
    fn news(&self, ready: &Self::Ready, news: &News<Self::Found>, out: &mut dyn Write) -> io::Result<()>;
}

/// Two runs, one after the other.
pub(super) struct News<'a, Found> {
    pub(super) pair: Pair<'a>,
    pub(super) before: &'a Found,
    pub(super) after: &'a Found,
}

/// Where output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// To files and to standard output.
    All,
    /// To files only: standard output tells what changed.
    Files,
}

impl To {
    /// An output is among them.
    pub(super) fn takes(self, output: &Output) -> bool {
        self == Self::All || output.file.is_some()
    }
}

/// Refuses what cannot be watched.
pub(super) fn allow(outputs: &[Output]) -> Result<(), CliError> {
    if pipeline::is_any() {
        return Err(CliError::WatchInPipeline);
    }
    match outputs.iter().find(|output| output.file.is_none() && output.format != "text") {
        Some(output) => Err(CliError::WatchedFormat { format: output.format.to_owned() }),
        None => Ok(()),
    }
}

/// Runs the command once, and again with every change. The first run must succeed: without it nobody knows what to
/// watch. Returns only when that fails, or when standard output is closed.
pub(super) fn run<C: Repeated>(command: &C) -> Result<(), CliError> {
    let ready = command.prepare()?;
    let mut world = Live::new(inputs(command, &ready)?)?;
    // Looked at before anything is read: what changes meanwhile counts as a change.
    let mut watcher = Watcher::new(&mut world);
    let model = loaded(&ready)?;
    let judged = command.judge(&ready, &model);
    let found = command.find(&ready, &judged)?;
    command.write(&ready, &judged, &found, To::All)?;
    let verdicts = judged.detach();
    let mut basis = Basis { model, verdicts, found, seen: watcher.seen().clone() };
    if !command.common().quiet {
        complain(&format!("watching {}; Ctrl-C ends it", count(basis.seen.len(), "file")));
    }
    let mut held = Vec::new();
    loop {
        let retry = held.iter().any(|lost: &Lost| lost.locked).then_some(RETRY);
        let changes = watcher.next(&mut world, retry);
        let time = chrono::Local::now().format("%H:%M:%S").to_string();
        let rerun = Rerun { command, world: &mut world, watcher: &mut watcher, changes, time, held: &held };
        let done;
        (basis, done) = rerun.run(basis);
        held = match done {
            Err(error @ CliError::ClosedPipe) => return Err(error),
            Err(error) => {
                complain(&error_text(&error));
                Vec::new()
            }
            Ok(held) => held,
        };
    }
}

/// Here many models come and go: each is freed.
fn loaded(ready: &impl AsRef<Context>) -> Result<Model, CliError> {
    ready.as_ref().load_state(&ready.as_ref().config)
}

fn inputs<C: Repeated>(command: &C, ready: &C::Ready) -> Result<Inputs, CliError> {
    let config = &ready.as_ref().config;
    let places = Config::places(command.common().config.as_deref(), &std::env::current_dir()?);
    let inputs = Inputs::new(&config.metadata, &config.maps);
    Ok(inputs.with_files(places).with_files(command.other_inputs(ready)).without(command.results(ready)))
}

fn say(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    Output { format: "text", file: None }.write(render)
}

/// The last run that read nothing half-written: what the next one is compared with.
struct Basis<Found> {
    model: Model,
    verdicts: Verdicts,
    found: Found,
    seen: Observed,
}

/// One more run.
struct Rerun<'a, C> {
    command: &'a C,
    world: &'a mut Live,
    watcher: &'a mut Watcher,
    /// What changed since the last one.
    changes: Vec<Change>,
    /// When that was noticed.
    time: String,
    /// What could not be read the last time.
    held: &'a [Lost],
}

/// What becomes of a run.
enum Outcome<C: Repeated> {
    /// It is told, and the next one is compared with it.
    Done(C::Ready, Box<Basis<C::Found>>),
    /// These files are half-written: the next one is compared with the same as this one.
    Held(Vec<Lost>),
}

impl<C: Repeated> Rerun<'_, C> {
    /// Returns what the next one is compared with, and what could not be read.
    fn run(mut self, basis: Basis<C::Found>) -> (Basis<C::Found>, Result<Vec<Lost>, CliError>) {
        let Basis { model, verdicts, found, seen } = basis;
        let before = verdicts.attach(&model);
        let outcome = self.attempt(&before, &found, &seen);
        let basis = Basis { verdicts: before.detach(), model, found, seen };
        match outcome {
            Ok(Outcome::Done(ready, next)) => {
                // Results are made in the memory that the run before took.
                drop(basis);
                (self.write(&ready, *next), Ok(Vec::new()))
            }
            Ok(Outcome::Held(lost)) => (basis, Ok(lost)),
            Err(error) => (basis, Err(error)),
        }
    }

    fn attempt(
        &mut self,
        before: &Judged,
        found: &C::Found,
        seen: &Observed,
    ) -> Result<Outcome<C>, CliError> {
        if !self.is_quiet() {
            self.tell_changes()?;
        }
        let emptied = self.watcher.seen().emptied_since(seen);
        if !emptied.is_empty() {
            return self.hold(emptied.iter().map(|path| Lost::empty(&self.world.name(path))).collect());
        }
        let ready = self.command.prepare()?;
        self.follow(inputs(self.command, &ready)?);
        let model = loaded(&ready)?;
        let judged = self.command.judge(&ready, &model);
        let changes = self.watcher.seen().changes_since(seen);
        let lost = lost(before, &judged, &changes, &|path| self.world.name(path));
        if !lost.is_empty() {
            return self.hold(lost);
        }
        let after = self.command.find(&ready, &judged)?;
        self.tell(
            &ready,
            &News { pair: Pair { base: before, head: &judged }, before: found, after: &after },
        )?;
        let (verdicts, seen) = (judged.detach(), self.watcher.seen().clone());
        Ok(Outcome::Done(ready, Box::new(Basis { model, verdicts, found: after, seen })))
    }

    /// What changed is known and told; that a file cannot be written changes nothing of it.
    fn write(&self, ready: &C::Ready, basis: Basis<C::Found>) -> Basis<C::Found> {
        let Basis { model, verdicts, found, seen } = basis;
        let judged = verdicts.attach(&model);
        if let Err(error) = self.command.write(ready, &judged, &found, To::Files) {
            complain(&error_text(&error));
        }
        Basis { verdicts: judged.detach(), model, found, seen }
    }

    /// Other inputs are watched from now on.
    fn follow(&mut self, inputs: Inputs) {
        if inputs != self.world.inputs {
            self.world.inputs = inputs;
            *self.watcher = Watcher::new(self.world);
        }
    }

    fn is_quiet(&self) -> bool {
        self.command.common().quiet
    }

    /// The first line of what is told; nothing where a run is only tried again.
    fn tell_changes(&self) -> Result<(), CliError> {
        if self.changes.is_empty() {
            return Ok(());
        }
        say(|out| report::changes(&self.time, &self.changes, &|path| self.world.name(path), out))
    }

    fn hold(&self, files: Vec<Lost>) -> Result<Outcome<C>, CliError> {
        let is_known = self.changes.is_empty() && files == self.held;
        if !is_known {
            if self.is_quiet() {
                self.tell_changes()?;
            }
            say(|out| report::lost(&files, out))?;
        }
        Ok(Outcome::Held(files))
    }

    fn tell(&self, ready: &C::Ready, news: &News<C::Found>) -> Result<(), CliError> {
        let mut text = Vec::new();
        self.command.news(ready, news, &mut text)?;
        if self.is_quiet() && !text.is_empty() {
            self.tell_changes()?;
        }
        say(|out| out.write_all(&text))
    }
}

/// The world as it is.
struct Live {
    inputs: Inputs,
    /// The working directory.
    folder: PathBuf,
    start: Instant,
}

impl Live {
    fn new(inputs: Inputs) -> io::Result<Self> {
        Ok(Self { inputs, folder: std::env::current_dir()?, start: Instant::now() })
    }

    fn name(&self, path: &Path) -> String {
        self.inputs.name(path, &self.folder)
    }
}

impl World for Live {
    fn look(&mut self) -> Observed {
        // The pause is reckoned by what one thread needs.
        in_pool(1, || self.inputs.look())
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}
