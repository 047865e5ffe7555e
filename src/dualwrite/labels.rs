//! Label files: the texts behind `@File:Id`.

use crate::text::{decode, name_order};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// How deep below a metadata root label files are looked for: package, model, `AxLabelFile`, `LabelResources`, language.
const MAX_DEPTH: usize = 6;

/// The label texts of one language. Folders are searched at the first question, a file is read when it is asked for.
#[derive(Debug, Default)]
pub struct LabelTexts {
    paths: Vec<PathBuf>,
    language: String,
    index: OnceLock<HashMap<String, Vec<PathBuf>>>,
    files: Mutex<HashMap<PathBuf, Arc<Texts>>>,
}

/// Identifier in lower case → text.
type Texts = HashMap<String, Box<str>>;

impl LabelTexts {
    /// Labels of `language` (`en-US`, any case) in label files and below metadata roots; nothing is read yet.
    pub fn load(paths: impl IntoIterator<Item = PathBuf>, language: &str) -> Self {
        Self {
            paths: paths.into_iter().collect(),
            language: language.to_ascii_lowercase(),
            ..Self::default()
        }
    }

    /// The text of `@File:Id`, `@SYS123` or `@Abc123`; none for a literal text or where the file is missing.
    pub fn get(&self, label: &str) -> Option<String> {
        let (file, id) = split(label)?;
        let index = self.index.get_or_init(|| self.find_files());
        index.get(&file)?.iter().find_map(|path| self.texts(path).get(&id).map(ToString::to_string))
    }

    fn texts(&self, path: &Path) -> Arc<Texts> {
        let mut files = self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = files.entry(path.to_owned()).or_insert_with(|| Arc::new(read(path)));
        Arc::clone(known)
    }

    /// File identifier in lower case → the files of that name, in order of the paths.
    fn find_files(&self) -> HashMap<String, Vec<PathBuf>> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for path in &self.paths {
            let start = found.len();
            search(path, 0, &mut seen, &mut found);
            found[start..].sort_by(|a, b| name_order(&a.to_string_lossy(), &b.to_string_lossy()));
        }
        let mut index: HashMap<String, Vec<PathBuf>> = HashMap::new();
        for path in found {
            if let Some(file) = self.file_id(&path) {
                index.entry(file).or_default().push(path);
            }
        }
        index
    }

    /// `File` of `File.en-US.label.txt`, when the language is ours.
    fn file_id(&self, path: &Path) -> Option<String> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let stem = name.strip_suffix(".label.txt")?;
        let (file, language) = stem.rsplit_once('.')?;
        (language == self.language).then(|| file.to_owned())
    }
}

/// File and identifier of a label, in lower case.
fn split(label: &str) -> Option<(String, String)> {
    let name = label.trim().strip_prefix('@')?;
    if let Some((file, id)) = name.split_once(':') {
        return Some((file.to_ascii_lowercase(), id.to_ascii_lowercase()));
    }
    // The old form: the file is the letters, the identifier is the whole.
    let letters = name.find(|char: char| char.is_ascii_digit())?;
    let is_old = letters > 0 && name[letters..].bytes().all(|byte| byte.is_ascii_digit());
    is_old.then(|| (name[..letters].to_ascii_lowercase(), format!("@{name}").to_ascii_lowercase()))
}

fn search(path: &Path, depth: usize, seen: &mut HashSet<PathBuf>, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        return found.push(path.to_owned());
    }
    let is_new = fs::canonicalize(path).is_ok_and(|real| seen.insert(real));
    let Some(entries) = is_new.then(|| fs::read_dir(path).ok()).flatten() else { return };
    let mut paths: Vec<_> =
        entries.flatten().filter(|entry| is_wanted(entry, depth)).map(|e| e.path()).collect();
    paths.sort();
    for path in &paths {
        search(path, depth + 1, seen, found);
    }
}

/// Whether an entry is a label file, or a folder that can lead to one.
fn is_wanted(entry: &fs::DirEntry, depth: usize) -> bool {
    let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
    if entry.file_type().is_ok_and(|kind| kind.is_file()) {
        return name.ends_with(".label.txt");
    }
    let is_other_kind = name.starts_with("ax") && name != "axlabelfile";
    depth < MAX_DEPTH
        && !is_other_kind
        && !["bin", "xppmetadata", "delta", "descriptor"].contains(&name.as_str())
}

/// A file that cannot be read has no texts: a label is only one of the ways to find an entity.
fn read(path: &Path) -> Texts {
    let bytes = fs::read(path).unwrap_or_default();
    parse(&decode(&bytes).unwrap_or_default())
}

/// Lines `Id=Text`; a line that starts with a blank and `;` is a comment on the label above it.
fn parse(text: &str) -> Texts {
    let mut texts = Texts::new();
    for line in text.lines() {
        if line.trim_start().starts_with(';') {
            continue;
        }
        if let Some((id, text)) = line.split_once('=') {
            texts.entry(id.trim().to_ascii_lowercase()).or_insert_with(|| text.trim_end_matches('\r').into());
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_comments_and_equal_signs() {
        let texts = parse("A=Text = more\r\n ;A=no\r\nb= B \r\nbroken\r\nA=second\n@SYS1=Old");
        assert_eq!(&*texts["a"], "Text = more");
        assert_eq!(&*texts["b"], " B ");
        assert_eq!(&*texts["@sys1"], "Old");
        assert_eq!(texts.len(), 3);
    }

    #[test]
    fn label_forms() {
        let pair = |file: &str, id: &str| Some((file.to_owned(), id.to_owned()));
        assert_eq!(split("@MyFile:MyId"), pair("myfile", "myid"));
        assert_eq!(split(" @SYS123 "), pair("sys", "@sys123"));
        assert_eq!(split("@Abc9"), pair("abc", "@abc9"));
        for literal in ["Customers V3", "@", "@abc", "@123", "@a1b2", ""] {
            assert_eq!(split(literal), None, "{literal}");
        }
    }

    #[test]
    fn files_are_found_and_read_only_when_needed() {
        let root = tempfile::tempdir().unwrap();
        let put = |path: &str, bytes: &[u8]| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let utf16: Vec<u8> = "\u{feff}Two=Zwei\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        put("P/M/AxLabelFile/LabelResources/en-US/My.en-US.label.txt", b"\xEF\xBB\xBFOne=Customers V3\n");
        put("P/M/AxLabelFile/LabelResources/de/My.de.label.txt", b"One=Debitoren V3\n");
        put("P/N/AxLabelFile/LabelResources/en-us/MY.en-us.label.txt", &utf16);
        put("P/M/AxLabelFile/LabelResources/en-US/SYS.en-US.label.txt", b"@SYS7=Seven\n");

        let labels = LabelTexts::load([root.path().to_owned()], "en-us");
        assert_eq!(labels.get("Customers V3"), None);
        assert!(labels.index.get().is_none(), "a literal text must not start a search");
        assert_eq!(labels.get("@my:one").as_deref(), Some("Customers V3"));
        assert_eq!(labels.get("@My:Two").as_deref(), Some("Zwei"));
        assert_eq!(labels.files.lock().unwrap().len(), 2);
        assert_eq!(labels.get("@SYS7").as_deref(), Some("Seven"));
        assert_eq!(labels.get("@Other:One"), None);
        let file = root.path().join("P/M/AxLabelFile/LabelResources/de/My.de.label.txt");
        assert_eq!(LabelTexts::load([file], "de").get("@My:One").as_deref(), Some("Debitoren V3"));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[ ;=@a-c\r\n]{0,40}", label in "@?[a-z:0-9é]{0,8}") {
            parse(&text);
            let _ = split(&label);
        }
    }
}
