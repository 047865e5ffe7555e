//! A picture as SVG: Graphviz draws it, within a time limit.

use super::{Picture, Request, dot, pick};
use crate::engine::Judged;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use thiserror::Error;

/// How long Graphviz may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);
/// How long the output may take to arrive after the program has ended.
const GRACE: Duration = Duration::from_secs(5);

/// How long it may take over each smaller picture that it is given instead.
const SECOND_LIMIT: Duration = Duration::from_secs(5);
/// The smallest picture that is tried.
const SMALLEST: usize = 8;

/// A picture that Graphviz has drawn.
#[derive(Debug)]
pub struct Drawn {
    /// The SVG.
    pub bytes: Vec<u8>,
    /// What it shows.
    pub picture: Picture,
    /// Why it is not the picture that was asked for, and what it is instead.
    pub note: Option<String>,
}

/// Draws a picture; where Graphviz does not finish it or fails, as it does on dense ones, the half of it, and
/// so on.
///
/// # Errors
/// There is no Graphviz, or it does not even draw a small picture.
pub fn draw(judged: &Judged, request: &Request) -> Result<Drawn, NoSvg> {
    Graphviz::find()?.draw(judged, request)
}

/// Graphviz, and how long it may take.
#[derive(Clone, Debug)]
pub struct Graphviz {
    program: PathBuf,
    limit: Duration,
}

/// Why there is no SVG.
#[derive(Debug, Error)]
pub enum NoSvg {
    /// The program is not there.
    #[error("Graphviz is not installed, or its program dot is not on PATH (https://graphviz.org/download)")]
    Missing,
    /// It did not finish in time.
    #[error("Graphviz did not finish within {} seconds", .0.as_secs_f32())]
    TooSlow(Duration),
    /// It said no.
    #[error("Graphviz failed: {0}")]
    Failed(String),
    /// It cannot be run.
    #[error("Graphviz ({program}) cannot be run: {error}", program = .program.display())]
    NotRun {
        /// The program.
        program: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
}

impl Graphviz {
    /// `dot` of the PATH, else of the folder where its installer for Windows puts it.
    ///
    /// # Errors
    /// It is in neither.
    pub fn find() -> Result<Self, NoSvg> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let installed = ["ProgramFiles", "ProgramFiles(x86)"].into_iter().filter_map(std::env::var_os);
        let folders = std::env::split_paths(&path).collect::<Vec<_>>().into_iter();
        let folders = folders.chain(installed.map(installation)).filter(|folder| folder.is_absolute());
        let name = format!("dot{}", std::env::consts::EXE_SUFFIX);
        let program = folders.map(|folder| folder.join(&name)).find(|p| p.is_file());
        program.map(|p| Self::at(&p, TIME_LIMIT)).ok_or(NoSvg::Missing)
    }

    /// This program with this time limit.
    pub fn at(program: &Path, limit: Duration) -> Self {
        Self { program: program.to_owned(), limit }
    }

    /// As [`draw`], by this program.
    ///
    /// # Errors
    /// It does not even draw a small picture.
    pub fn draw(&self, judged: &Judged, request: &Request) -> Result<Drawn, NoSvg> {
        let mut picture = pick(judged, request);
        let first = match self.svg(&dot::text(&picture)) {
            Ok(bytes) => return Ok(Drawn { bytes, picture, note: None }),
            Err(error) => error,
        };
        let hurried = Self { limit: self.limit.min(SECOND_LIMIT), ..self.clone() };
        while matches!(first, NoSvg::TooSlow(_) | NoSvg::Failed(_)) && picture.nodes.len() / 2 >= SMALLEST {
            picture = pick(judged, &Request { limit: Some(picture.nodes.len() / 2), ..request.clone() });
            if let Ok(bytes) = hurried.svg(&dot::text(&picture)) {
                let note = format!("{first}; the picture has {} elements instead", picture.nodes.len());
                return Ok(Drawn { bytes, picture, note: Some(note) });
            }
        }
        Err(first)
    }

    /// The SVG of a text in the language of Graphviz.
    ///
    /// # Errors
    /// The program cannot be run, fails, or takes too long; then it is ended.
    pub fn svg(&self, dot: &str) -> Result<Vec<u8>, NoSvg> {
        let mut child = self.start().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => NoSvg::Missing,
            _ => NoSvg::NotRun { program: self.program.clone(), error },
        })?;
        feed(&mut child, dot.to_owned());
        let (output, complaints) = (collect(child.stdout.take()), collect(child.stderr.take()));
        let ended = self.wait(&mut child);
        let Some(success) = ended else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(NoSvg::TooSlow(self.limit));
        };
        let svg = output.recv_timeout(GRACE).unwrap_or_default();
        if success && !svg.is_empty() {
            return Ok(svg);
        }
        let complaints = complaints.recv_timeout(GRACE).unwrap_or_default();
        let first = String::from_utf8_lossy(&complaints).lines().next().unwrap_or("no output").to_owned();
        Err(NoSvg::Failed(crate::text::Shown(&first).to_string()))
    }

    fn start(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn()
    }

    /// Whether the program ended well; `None` when it has not ended in time.
    fn wait(&self, child: &mut Child) -> Option<bool> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Some(status.success()),
                Ok(None) if begun.elapsed() < self.limit => thread::sleep(pause),
                Ok(None) | Err(_) => return None,
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

fn installation(program_files: OsString) -> PathBuf {
    PathBuf::from(program_files).join("Graphviz").join("bin")
}

/// Writes in a thread, so that a program that answers before it has read everything cannot block both.
fn feed(child: &mut Child, text: String) {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that stops reading early tells why in its own words.
        thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    }
}

/// Reads in a thread; nobody waits for that thread, because a child of the program may keep the pipe open.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}
