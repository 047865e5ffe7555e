//! What every command needs first: configuration, roots, and where they came from.

use super::{CliError, Common, output};
use crate::cache::CachePlace;
use crate::config::{Config, Overrides};
use crate::engine::{self, About, Judged, Model};
use crate::source::{RootSource, SourceError, discover};
use crate::text::Shown;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

/// The environment variable that names metadata roots, separated as in PATH.
const ROOTS_VARIABLE: &str = "DUALTRACK_METADATA";

/// So many parts of the metadata are tried before all of it is loaded.
const PARTS: usize = 4;

/// A command's configuration.
pub(super) struct Context {
    pub(super) config: Config,
    /// Where the roots were named.
    pub(super) roots_from: String,
    pub(super) threads: usize,
    quiet: bool,
}

impl AsRef<Context> for Context {
    fn as_ref(&self) -> &Context {
        self
    }
}

impl Context {
    /// Reads the configuration and lets the command line go before it. `roots` are positional roots.
    pub(super) fn new(common: &Common, roots: &[PathBuf], out: Option<&Path>) -> Result<Self, CliError> {
        let cwd = std::env::current_dir()?;
        let config = Config::load(common.config.as_deref(), &cwd)?;
        Self::over(config, common, roots, out)
    }

    /// The same where no configuration file counts.
    pub(super) fn fresh(common: &Common, roots: &[PathBuf]) -> Result<Self, CliError> {
        Self::over(Config::default(), common, roots, None)
    }

    fn over(
        mut config: Config,
        common: &Common,
        roots: &[PathBuf],
        out: Option<&Path>,
    ) -> Result<Self, CliError> {
        let overrides = Overrides {
            metadata: roots.iter().chain(&common.metadata).cloned().collect(),
            maps: common.maps.clone(),
            language: common.language.clone(),
            out: out.map(Path::to_owned),
            policy: common.policy.iter().map(|p| (p.key.clone(), p.value.clone())).collect(),
            ..Overrides::default()
        };
        config.apply(overrides).map_err(first_policy_error)?;
        config.cache = cache_place(common);
        let roots_from = find_roots(&mut config)?;
        if let Some(path) = config.maps.iter().find(|path| !path.exists()) {
            let from = format!("from {}", config.describe(config.origin("maps")));
            return Err(CliError::NoMaps { path: path.clone(), from });
        }
        if common.show_config {
            output::print(&shown(&config))?;
            return Err(CliError::Shown);
        }
        Ok(Self { config, roots_from, threads: common.threads, quiet: common.quiet })
    }

    /// Loads the roots, with progress on a terminal. What is loaded stays until the process ends: to give back
    /// millions of pieces one by one takes longer than many a run.
    pub(super) fn load(&self) -> Result<ManuallyDrop<Model>, CliError> {
        self.load_state(&self.config).map(ManuallyDrop::new)
    }

    /// Answers a question from the part of the metadata that it is about, where that is possible. `ask` says on
    /// what else its answer depends; it is asked again when that is more than was loaded. What was loaded stays
    /// until the process ends, as with [`Context::load`]. Without `about`, it is about everything.
    pub(super) fn answer<T>(
        &self,
        common: &Common,
        about: Option<About>,
        ask: impl Fn(&'static Model) -> Result<(T, About), CliError>,
    ) -> Result<T, CliError> {
        // Problems are told of all files.
        let mut about = about.filter(|_| !common.verbose);
        for _ in 0..PARTS {
            let Some(about) = &mut about else { break };
            let model = Box::leak(Box::new(self.load_with(&self.config, Some(about))?));
            let answer = ask(model);
            let Some(asked) = model.asked_beyond() else { return answer.map(|(answer, _)| answer) };
            // What is wrong with the question may have to do with all that it was not about.
            let Ok((answer, mut beyond)) = answer else { break };
            beyond.elements.extend(asked);
            if !about.add(beyond) {
                return Ok(answer);
            }
        }
        ask(Box::leak(Box::new(self.load_state(&self.config)?))).map(|(answer, _)| answer)
    }

    /// Loads the roots of another configuration.
    pub(super) fn load_state(&self, config: &Config) -> Result<Model, CliError> {
        self.load_with(config, None)
    }

    fn load_with(&self, config: &Config, about: Option<&About>) -> Result<Model, CliError> {
        let progress = indicatif::ProgressBar::new_spinner().with_message("reading metadata");
        if !self.quiet {
            progress.enable_steady_tick(std::time::Duration::from_millis(120));
        }
        let model = engine::load_about(config, self.threads, about);
        progress.finish_and_clear();
        Ok(model?)
    }

    /// Judges what was loaded; the verdicts stay as well.
    pub(super) fn judge<'m>(&self, model: &'m Model) -> ManuallyDrop<Judged<'m>> {
        ManuallyDrop::new(engine::judge(model, &self.config, self.threads))
    }
}

/// Every setting as a line of TOML, with where it came from.
fn shown(config: &Config) -> String {
    let settings = config.settings();
    let lines: Vec<String> = settings.iter().map(|set| format!("{} = {}", set.key, set.value)).collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0).min(60);
    let pairs = lines.iter().zip(&settings);
    let text = pairs.map(|(line, set)| {
        let from = config.describe(set.origin);
        format!("{:width$}  # {}\n", Shown(line).to_string(), Shown(&from))
    });
    text.collect()
}

fn cache_place(common: &Common) -> CachePlace {
    match &common.cache_dir {
        _ if common.no_cache => CachePlace::Off,
        Some(folder) => CachePlace::Folder(folder.clone()),
        None => CachePlace::Usual,
    }
}

fn first_policy_error(errors: Vec<crate::tracking::PolicyError>) -> CliError {
    match errors.into_iter().next() {
        Some(error) => CliError::Policy { error },
        None => CliError::ClosedPipe,
    }
}

/// Command line and configuration file go first, then the environment, then this folder.
fn find_roots(config: &mut Config) -> Result<String, CliError> {
    if !config.metadata.is_empty() {
        return Ok(config.describe(config.origin("metadata")));
    }
    if let Some(paths) = std::env::var_os(ROOTS_VARIABLE).filter(|v| !v.is_empty()) {
        config.metadata = std::env::split_paths(&paths).collect();
        return Ok(ROOTS_VARIABLE.to_owned());
    }
    let here = PathBuf::from(".");
    match discover(vec![RootSource::Folder(here.clone())], 1) {
        Ok(_) => {
            config.metadata = vec![here];
            Ok("this folder".to_owned())
        }
        Err(error @ SourceError::NoMetadata { .. }) => Err(CliError::NoRoot(error)),
        Err(error) => Err(error.into()),
    }
}
