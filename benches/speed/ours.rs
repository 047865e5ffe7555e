//! What is measured: the library's two steps, and whole commands.

use crate::floors::timed;
use crate::forest::Forest;
use crate::process;
use dualtrack::config::Config;
use dualtrack::engine::{judge, load};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A tree, and the commands that run on it.
pub(crate) struct Ours {
    root: PathBuf,
    folder: PathBuf,
    table: String,
}

/// The results of `analyze`, the picture aside: Graphviz would take longer than all the rest.
const RESULTS: [&str; 4] = ["tracking.json", "definitions.csv", "suggestions.md", "graph.dot"];

/// Below the folder of the configuration.
const BASELINE: &str = "baseline.json";

impl Ours {
    pub(crate) fn new(root: &Path, folder: &Path) -> Self {
        // As a team has it: the models of one package are its own.
        let own: Vec<String> = own_models(root).iter().map(|name| format!("{name:?}")).collect();
        let settings = format!("own-models = [{}]\n", own.join(", "));
        fs::write(folder.join("dualtrack.toml"), settings).expect("a configuration");
        // One of the tables that many entities show.
        Self { root: root.to_owned(), folder: folder.to_owned(), table: Forest::table_name(7) }
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// A baseline that knows every finding.
    pub(crate) fn baseline(&self) -> &str {
        let path = self.folder.join(BASELINE);
        if !path.exists() {
            self.run(&["check", "--no-cache", "--baseline", BASELINE, "--update-baseline", "--accept-new"]);
        }
        BASELINE
    }

    fn config(&self) -> Config {
        let mut config = Config::default();
        config.metadata = vec![self.root.clone()];
        config
    }

    /// Reading, merging, lineage.
    pub(crate) fn load(&self) -> Duration {
        let config = self.config();
        let mut model = None;
        timed(|| model = Some(load(&config, 0).expect("a root")))
    }

    /// The same, and the verdicts.
    pub(crate) fn judge(&self) -> Duration {
        let config = self.config();
        let mut model = None;
        let loading = timed(|| model = Some(load(&config, 0).expect("a root")));
        let model = model.expect("it was loaded");
        let mut judged = None;
        loading + timed(|| judged = Some(judge(&model, &config, 0)))
    }

    /// A whole command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Duration {
        timed(|| process::run(&mut self.command(arguments)))
    }

    /// `analyze` into a new folder.
    pub(crate) fn analyze(&self) -> Duration {
        let out = tempfile::tempdir_in(&self.folder).expect("a temporary folder");
        timed(|| process::run(self.command(&["analyze", "--no-cache", "--out"]).arg(out.path())))
    }

    /// What `analyze` writes.
    pub(crate) fn outputs(&self) -> Vec<Vec<u8>> {
        let out = self.folder.join("out");
        process::run(self.command(&["analyze", "--no-cache", "--out"]).arg(&out));
        RESULTS.iter().map(|name| fs::read(out.join(name)).expect("a result")).collect()
    }

    /// With a cache, after one file was changed.
    pub(crate) fn warm(&self, command: &[&str]) -> Duration {
        let path = self.changed_file();
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, text + "\n").expect("the file is changed");
        self.again(command)
    }

    fn changed_file(&self) -> PathBuf {
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder").flatten() {
                let path = entry.path();
                let is_entity = folder.ends_with("AxDataEntityView");
                match path.is_dir() {
                    true => folders.push(path),
                    false if is_entity => return path,
                    false => {}
                }
            }
        }
        panic!("an entity");
    }

    /// A whole command with a cache, when nothing was changed.
    pub(crate) fn again(&self, command: &[&str]) -> Duration {
        self.run(&[command, &["--cache-dir", self.cache().to_str().expect("a path in Unicode")]].concat())
    }

    fn cache(&self) -> PathBuf {
        self.folder.join("cache")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let (name, rest) = arguments.split_first().expect("the name of a command");
        let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
        command.arg(name).arg("--metadata").arg(&self.root).args(rest);
        command.current_dir(&self.folder).env("PATH", "").env_remove("DUALTRACK_METADATA");
        command
    }

    /// The highest memory of a command in bytes, where the system tells.
    pub(crate) fn memory(&self, arguments: &[&str]) -> Option<u64> {
        process::peak_memory(&mut self.command(arguments))
    }
}

/// The models of the first package, by name.
fn own_models(root: &Path) -> Vec<String> {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    };
    let package = names(root).into_iter().next().expect("a package");
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    names(&package.join("Descriptor")).into_iter().filter_map(stem).collect()
}
