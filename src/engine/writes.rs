//! From the files of a model to the writes of its X++.

use super::Judged;
use crate::aot::{CodeFile, WRITE_WORDS, read_code, read_unit_of};
use crate::problem::Problem;
use crate::source::{FileId, FileSet, Kind};
use crate::text::Words;
use crate::writes::{Input, Sources, Writes, analyze};
use crate::xpp::effects::{Unit, Wanted};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// Reads the X++ of a run and says what its writes mean under the verdicts, with `threads` threads for reading
/// (0: the default). Only commands that show writes call it, and once: it reads every class, table, view, entity,
/// table map and form. X++ of snapshots is not there. Problems with files that the model complained about already are
/// not repeated.
pub fn writes(judged: &Judged<'_>, threads: usize) -> Writes {
    writes_in(judged, threads, &|_| true)
}

/// The same for some of the files. Others are read only where these call them, or are called by them.
pub fn writes_in(judged: &Judged<'_>, threads: usize, is_wanted: &dyn Fn(FileId) -> bool) -> Writes {
    let model = judged.model;
    let files = &model.files;
    let without =
        files.ids().map(|(id, _)| model.is_without_writes(id) || !is_wanted(id)).collect::<Vec<_>>();
    let scan = read_code(files, threads, &Words::new(WRITE_WORDS), &Wanted::nothing(), &without);
    let mut problems: Vec<Problem> =
        scan.problems.iter().map(|(file, problem)| problem.clone().in_file(*file)).collect();
    problems.retain(|problem| !model.problems.iter().any(|known| known.place == problem.place));
    let input = Input {
        catalog: &model.catalog,
        lineage: &model.lineage,
        policy: judged.policy,
        analysis: &judged.analysis,
        sources: &OnDisk { files, threads, forms: OnceCell::new() },
    };
    Writes { problems, ..analyze(input, scan) }
}

/// More X++ of the same files.
struct OnDisk<'a> {
    files: &'a FileSet,
    threads: usize,
    forms: OnceCell<FxHashMap<String, FileId>>,
}

impl Sources for OnDisk<'_> {
    fn class(&self, name: &str) -> Option<FileId> {
        self.files.class(name)
    }

    fn form(&self, name: &str) -> Option<FileId> {
        let forms = self.forms.get_or_init(|| {
            let mut forms = FxHashMap::default();
            for (id, file) in self.files.ids().filter(|(_, file)| file.kind == Kind::Form) {
                forms.entry(file.stem().to_ascii_lowercase()).or_insert(id);
            }
            forms
        });
        forms.get(&name.to_ascii_lowercase()).copied()
    }

    fn unit(&self, file: FileId) -> Option<Unit> {
        read_unit_of(self.files, file)
    }

    fn callers(&self, owners: &Words, methods: &Wanted) -> Vec<CodeFile> {
        read_code(self.files, self.threads, owners, methods, &[]).files
    }
}
