//! Discovery on real folders.

use super::{FileSet, Kind, RootSource, SourceError, discover, slashed};
use crate::platform::for_tests::{can_link, file_name, link};
use crate::problem::Code;
use std::path::Path;
use tempfile::TempDir;

/// A folder with these files, all empty.
fn tree(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    folder
}

fn find(roots: &[&Path]) -> Result<FileSet, SourceError> {
    let roots = || roots.iter().map(|root| RootSource::Folder(root.to_path_buf())).collect();
    let one = discover(roots(), 1);
    if let (Ok(one), Ok(eight)) = (&one, discover(roots(), 8)) {
        assert_eq!((&one.files, &one.models, &one.packages), (&eight.files, &eight.models, &eight.packages));
        assert_eq!(one.problems, eight.problems);
    }
    one
}

fn paths(set: &FileSet) -> Vec<String> {
    set.files.iter().map(|file| format!("{}:{}", file.root, file.path)).collect()
}

fn looped(set: &FileSet, root: &Path) -> Vec<String> {
    let of = |path: &str| slashed(path.strip_prefix(root.to_str().unwrap()).unwrap_or(path), Some('\\'));
    assert!(set.problems.iter().all(|problem| problem.code == Code::LoopedFolder));
    set.problems.iter().map(|problem| of(problem.fact("path").unwrap())).collect()
}

const PACKAGES: &[&str] = &[
    "Pkg/Descriptor/Model.xml",
    "Pkg/Descriptor/readme.txt",
    "Pkg/Model/AxTable/b.xml",
    "Pkg/Model/AxTable/A.XML",
    "Pkg/Model/AxTable/notes.txt",
    "Pkg/Model/AxTable/Delta/C.xml",
    "Pkg/Model/axview/V.xml",
    "Pkg/Model/AxForm/F.xml",
    "Pkg/bin/AxTable/B.xml",
    "Pkg/XppMetadata/AxTable/X.xml",
    "Pkg/ModelFormAdaptor/AxTable/Y.xml",
    "Other/Model/AxClass/Helper.xml",
];

#[test]
fn packages_a_package_and_a_model_are_roots() {
    let root = tree(PACKAGES);
    let set = find(&[root.path()]).unwrap();
    let all = ["0:Other/Model/AxClass/Helper.xml", "0:Pkg/Model/AxTable/A.XML", "0:Pkg/Model/AxTable/b.xml"];
    assert_eq!(paths(&set), [&all[..], &["0:Pkg/Model/axview/V.xml"]].concat());
    assert_eq!(set.files[3].kind, Kind::View);
    assert_eq!(set.models.len(), 2);
    assert_eq!((&*set.packages[1].name, set.packages[1].descriptors.len()), ("Pkg", 1));
    assert!(set.problems.is_empty());

    let set = find(&[&root.path().join("Pkg")]).unwrap();
    assert_eq!(paths(&set)[0], "0:Model/AxTable/A.XML");
    assert_eq!((&*set.packages[0].name, &*set.packages[0].path), ("Pkg", ""));

    let set = find(&[&root.path().join("Pkg/Model/.")]).unwrap();
    assert_eq!(paths(&set)[0], "0:AxTable/A.XML");
    assert_eq!((&*set.models[0].folder_name, set.models[0].package), ("Model", None));
}

#[test]
fn the_first_root_comes_first_and_a_shared_folder_is_read_once() {
    let root = tree(PACKAGES);
    let package = root.path().join("Pkg");
    let set = find(&[&package, root.path()]).unwrap();
    let all = ["0:Model/AxTable/A.XML", "0:Model/AxTable/b.xml", "0:Model/axview/V.xml"];
    assert_eq!(paths(&set), [&all[..], &["1:Other/Model/AxClass/Helper.xml"]].concat());
    assert_eq!(looped(&set, root.path()), ["Pkg/Model"]);

    let set = find(&[root.path(), root.path()]).unwrap();
    assert_eq!(set.files.len(), 4);
    assert_eq!(looped(&set, root.path()), [""]);
}

#[test]
fn a_root_without_metadata_names_places_that_have_some() {
    let root = tree(&[
        "repo/Metadata/Pkg/Descriptor/Model.xml",
        "repo/Metadata/Pkg/Model/AxTable/A.xml",
        "loose/a/b/c/AxView/V.xml",
        "loose/node_modules/x/AxView/V.xml",
        "AxTable.xml",
    ]);
    let Err(SourceError::NoMetadata { nearby, more, .. }) = find(&[root.path()]) else { panic!("metadata") };
    assert_eq!(nearby, [root.path().join("loose/a/b/c"), root.path().join("repo/Metadata")]);
    assert_eq!(more, 0);

    let kind = root.path().join("loose/a/b/c/AxView");
    let Err(SourceError::NoMetadata { nearby, .. }) = find(&[&kind]) else { panic!("metadata") };
    assert_eq!(nearby, [root.path().join("loose/a/b/c")]);
}

#[test]
fn a_root_that_cannot_be_used_is_an_error() {
    let root = tree(&["file.xml"]);
    assert!(matches!(find(&[]), Err(SourceError::NoRoot)));
    assert!(matches!(find(&[&root.path().join("missing")]), Err(SourceError::NotFound { .. })));
    assert!(matches!(find(&[&root.path().join("file.xml")]), Err(SourceError::NotAFolder { .. })));
}

#[test]
fn label_texts_are_listed_per_model_and_language() {
    let root = tree(&[
        "Pkg/Model/AxLabelFile/MyLabels_en-US.xml",
        "Pkg/Model/AxLabelFile/LabelResources/en-US/MyLabels.en-US.label.txt",
        "Pkg/Model/AxLabelFile/LabelResources/de/MyLabels.de.label.txt",
        "Pkg/Model/AxLabelFile/LabelResources/de/MyLabels.de.label.bak",
    ]);
    let set = find(&[root.path()]).unwrap();
    assert!(set.files.is_empty());
    let labels: Vec<_> = set.models[0].labels.iter().map(|label| (&*label.language, &*label.file)).collect();
    assert_eq!(labels, [("de", "MyLabels"), ("en-US", "MyLabels")]);
    let path = "Pkg/Model/AxLabelFile/LabelResources/de/MyLabels.de.label.txt";
    assert_eq!(&*set.models[0].labels[0].path, path);
}

#[test]
fn a_linked_package_is_followed_and_a_loop_is_not() {
    if !can_link() {
        return;
    }
    let root = tree(&["packages/Base/Base/AxTable/T.xml", "repo/Mine/Model/AxTable/M.xml"]);
    let packages = root.path().join("packages");
    link(root.path().join("repo/Mine"), packages.join("Mine"));
    link(&packages, packages.join("Again"));
    link(root.path().join("nowhere"), packages.join("Broken"));
    let mut set = find(&[&packages]).unwrap();
    assert_eq!(paths(&set), ["0:Base/Base/AxTable/T.xml", "0:Mine/Model/AxTable/M.xml"]);
    let broken = set.problems.remove(0);
    assert_eq!(broken.code, Code::UnreadableFile);
    assert!(broken.fact("path").unwrap().ends_with("Broken"));
    assert_eq!(looped(&set, &packages), ["Again"]);
}

#[test]
fn a_folder_or_file_reached_by_a_link_too_is_read_once_under_its_own_name() {
    if !can_link() {
        return;
    }
    let root = tree(&["Pkg/Model/AxTable/T.xml", "Pkg/Model/AxView/V.xml", "elsewhere/E.xml"]);
    link(root.path().join("Pkg"), root.path().join("A_Link"));
    link(root.path().join("Pkg/Model/AxTable/T.xml"), root.path().join("Pkg/Model/AxTable/A.xml"));
    link(root.path().join("elsewhere/E.xml"), root.path().join("Pkg/Model/AxView/E1.xml"));
    link(root.path().join("elsewhere/E.xml"), root.path().join("Pkg/Model/AxView/E2.xml"));
    let set = find(&[root.path()]).unwrap();
    let expected = ["0:Pkg/Model/AxTable/T.xml", "0:Pkg/Model/AxView/E1.xml", "0:Pkg/Model/AxView/V.xml"];
    assert_eq!(paths(&set), expected);
    let notes = ["A_Link", "Pkg/Model/AxTable/A.xml", "Pkg/Model/AxView/E2.xml"];
    assert_eq!(looped(&set, root.path()), notes);
    assert_eq!(set.models.len(), 1);
}

#[test]
fn names_that_are_not_unicode_do_no_harm() {
    let Some(name) = file_name(b"T\xFF'\"<&>.xml") else { return };
    let root = tree(&["Model/AxTable/A.xml"]);
    std::fs::write(root.path().join("Model/AxTable").join(name), "<AxTable/>").unwrap();
    let set = find(&[root.path()]).unwrap();
    assert_eq!(set.files[1].stem(), "T\u{FFFD}'\"<&>");
    assert!(set.files[1].absolute.exists());
}
