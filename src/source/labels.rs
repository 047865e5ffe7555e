//! Label texts of a model: only their paths; they are opened when a label has to be looked up.

use super::files::LabelText;
use super::kind::ends_with_ignore_case;
use super::path::join;
use super::walk::{Child, Folder, children};
use crate::text::name_order;
use std::path::Path;

const FOLDER: &str = "LabelResources";
pub(super) const SUFFIX: &str = ".label.txt";

/// The label texts below an `AxLabelFile` folder, in path order. What cannot be listed holds no labels.
pub(super) fn label_texts(label_files: &Folder) -> Vec<LabelText> {
    let mut texts = Vec::new();
    for (resources, language) in languages(&label_files.absolute) {
        let path = join(&join(&label_files.path, &resources), &language.name);
        texts.extend(files(&path, &language));
    }
    let key = |text: &LabelText| (text.language.clone(), text.absolute.to_string_lossy().into_owned());
    texts.sort_by(|a, b| {
        let ((la, pa), (lb, pb)) = (key(a), key(b));
        name_order(&la, &lb).then_with(|| name_order(&pa, &pb))
    });
    texts
}

/// The folders of languages below an `AxLabelFile` folder, each with the name of the folder that holds it.
pub(super) fn languages(label_files: &Path) -> Vec<(String, Child)> {
    let all = folders(label_files).filter(|child| child.name.eq_ignore_ascii_case(FOLDER));
    let below = |resources: Child| {
        let languages = folders(&resources.absolute);
        languages.map(move |language| (resources.name.clone(), language))
    };
    all.flat_map(below).collect()
}

fn folders(parent: &Path) -> impl Iterator<Item = Child> + use<> {
    children(parent).unwrap_or_default().into_iter().filter(|child| child.is_folder)
}

fn files<'a>(path: &'a str, language: &'a Child) -> impl Iterator<Item = LabelText> + use<'a> {
    let all = children(&language.absolute).unwrap_or_default();
    all.into_iter().filter(|child| !child.is_folder && ends_with_ignore_case(&child.name, SUFFIX)).map(
        move |child| LabelText {
            path: join(path, &child.name).into(),
            file: label_file(&child.name, &language.name).into(),
            language: language.name.as_str().into(),
            absolute: child.absolute,
        },
    )
}

/// `File` of `File.en-US.label.txt` in the folder `en-US`.
fn label_file<'a>(name: &'a str, language: &str) -> &'a str {
    let stem = name.get(..name.len().saturating_sub(SUFFIX.len())).unwrap_or(name);
    match stem.rsplit_once('.') {
        Some((file, suffix)) if suffix.eq_ignore_ascii_case(language) => file,
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::label_file;

    #[test]
    fn the_label_file_is_what_label_ids_name() {
        assert_eq!(label_file("MyLabels.en-US.label.txt", "en-US"), "MyLabels");
        assert_eq!(label_file("My.Labels.DE.LABEL.TXT", "de"), "My.Labels");
        assert_eq!(label_file("MyLabels.label.txt", "de"), "MyLabels");
    }
}
