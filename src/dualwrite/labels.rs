//! Label files: the texts behind `@File:Id`.

use crate::source::LabelText;
use crate::text::{decode, name_key};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The language in which maps name entities, and in which a label is looked up that another language lacks.
pub const ENGLISH: &str = "en-US";

/// The label texts of some languages. A file is read when one of its labels is asked for.
#[derive(Debug, Default)]
pub struct LabelTexts {
    files: Vec<LabelText>,
    languages: Vec<String>,
    by_name: HashMap<String, Vec<usize>>,
    by_descriptor: OnceLock<HashMap<String, Vec<usize>>>,
    read: Mutex<HashMap<usize, Arc<Texts>>>,
}

/// Identifier in lower case → text.
type Texts = HashMap<String, Box<str>>;

/// The text of a label in one language.
#[derive(Clone, Debug)]
pub struct Label<'a> {
    /// The text.
    pub text: String,
    /// Which of the languages it is, from 0.
    pub language: usize,
    /// The file that holds it.
    pub file: &'a LabelText,
}

impl LabelTexts {
    /// Labels in `language` (any case) and in English; nothing is read yet. Of two files of one name the first
    /// counts.
    pub fn new(files: impl IntoIterator<Item = LabelText>, language: &str) -> Self {
        let mut languages = vec![name_key(language), name_key(ENGLISH)];
        languages.dedup();
        let mut texts = Self { languages, ..Self::default() };
        for file in files.into_iter().filter(|file| texts.languages.contains(&name_key(&file.language))) {
            texts.by_name.entry(name_key(&file.file)).or_default().push(texts.files.len());
            texts.files.push(file);
        }
        texts
    }

    /// The rank of English among the languages.
    pub fn english(&self) -> usize {
        self.languages.len().saturating_sub(1)
    }

    /// Whether some file is in the language that was asked for.
    pub fn has_language(&self) -> bool {
        self.files.iter().any(|file| name_key(&file.language) == self.languages[0])
    }

    /// The text of `@File:Id`, `@SYS123` or `@Abc123`, in each of the languages that has it; nothing for a
    /// literal text or where the file is missing.
    pub fn get(&self, label: &str) -> Vec<Label<'_>> {
        let Some((file, id)) = split(label) else { return Vec::new() };
        let files = self.by_name.get(&file).or_else(|| self.described().get(&file));
        let Some(files) = files else { return Vec::new() };
        (0..self.languages.len()).filter_map(|language| self.of_language(files, language, &id)).collect()
    }

    fn of_language(&self, files: &[usize], language: usize, id: &str) -> Option<Label<'_>> {
        let files = files.iter().filter(|i| name_key(&self.files[**i].language) == self.languages[language]);
        files.copied().find_map(|index| {
            let text = self.texts(index).get(id)?.to_string();
            Some(Label { text, language, file: &self.files[index] })
        })
    }

    fn texts(&self, index: usize) -> Arc<Texts> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(read.entry(index).or_insert_with(|| Arc::new(read_file(&self.files[index].absolute))))
    }

    /// Label files whose descriptor (`AxLabelFile/File_en-US.xml`) gives them another name than the file has.
    fn described(&self) -> &HashMap<String, Vec<usize>> {
        self.by_descriptor.get_or_init(|| {
            let mut folders: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
            for (index, file) in (0..).zip(&self.files) {
                if let Some(folder) = descriptors_of(file) {
                    folders.entry(folder).or_default().push(index);
                }
            }
            let mut found: HashMap<String, Vec<usize>> = HashMap::new();
            for (folder, files) in &folders {
                for descriptor in descriptors(folder) {
                    let named = files.iter().find(|index| descriptor.is_of(&self.files[**index]));
                    found.entry(descriptor.id).or_default().extend(named);
                }
            }
            found
        })
    }
}

/// What a descriptor says.
struct Descriptor {
    /// `LabelFileId`, in lower case.
    id: String,
    /// `LabelContentFileName`.
    content: String,
}

impl Descriptor {
    fn is_of(&self, file: &LabelText) -> bool {
        let name = file.absolute.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.eq_ignore_ascii_case(&self.content))
    }
}

/// The descriptors in a folder, by path; what cannot be read names nothing.
fn descriptors(folder: &Path) -> Vec<Descriptor> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")));
    paths.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).ok()?;
        let text = decode(&bytes).ok()?;
        let content = value(&text, "LabelContentFileName")?.to_owned();
        Some(Descriptor { id: name_key(value(&text, "LabelFileId")?), content })
    };
    paths.iter().filter_map(read).collect()
}

/// `AxLabelFile` of `AxLabelFile/LabelResources/<language>/<file>`.
fn descriptors_of(file: &LabelText) -> Option<&Path> {
    file.absolute.ancestors().nth(3)
}

/// The text of an element that stands once in a descriptor and holds a name.
fn value<'a>(text: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{element}"))?;
    let (_, rest) = rest.split_once('>')?;
    let (value, _) = rest.split_once('<')?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// File and identifier of a label, in lower case.
fn split(label: &str) -> Option<(String, String)> {
    let name = label.trim().strip_prefix('@')?;
    if let Some((file, id)) = name.split_once(':') {
        return Some((name_key(file), name_key(id)));
    }
    // The old form: the file is the letters, the identifier is the whole.
    let letters = name.find(|char: char| char.is_ascii_digit())?;
    let is_old = letters > 0 && name[letters..].bytes().all(|byte| byte.is_ascii_digit());
    is_old.then(|| (name[..letters].to_ascii_lowercase(), format!("@{name}").to_ascii_lowercase()))
}

/// A file that cannot be read has no texts: a label is only one of the ways to find an entity.
fn read_file(path: &Path) -> Texts {
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
            texts.entry(name_key(id)).or_insert_with(|| text.trim_end_matches('\r').into());
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
        let texts = parse("A=Text = more\r\n ;A=no\r\nb= B \r\nbroken\r\nA=second\n;c=no\n@SYS1=Old\n=x");
        assert_eq!(&*texts["a"], "Text = more");
        assert_eq!(&*texts["b"], " B ");
        assert_eq!(&*texts["@sys1"], "Old");
        assert_eq!(texts.get("c").or(texts.get(";c")), None);
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

    /// Label files below `P/<model>/AxLabelFile/LabelResources`, as `model/language/name` and content.
    struct Files {
        root: tempfile::TempDir,
        files: Vec<LabelText>,
    }

    impl Files {
        fn new(files: &[(&str, &[u8])]) -> Self {
            let mut all = Self { root: tempfile::tempdir().unwrap(), files: Vec::new() };
            for (path, bytes) in files {
                let parts: Vec<&str> = path.split('/').collect();
                let absolute =
                    all.put(&format!("{}/LabelResources/{}/{}", parts[0], parts[1], parts[2]), bytes);
                all.files.push(LabelText {
                    file: parts[2].split('.').next().unwrap().into(),
                    language: parts[1].into(),
                    path: (*path).into(),
                    absolute,
                });
            }
            all
        }

        fn put(&self, path: &str, bytes: &[u8]) -> PathBuf {
            let path = self.root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            path
        }

        fn texts(&self, language: &str) -> LabelTexts {
            LabelTexts::new(self.files.clone(), language)
        }
    }

    fn found(texts: &LabelTexts, label: &str) -> Vec<String> {
        texts.get(label).iter().map(|l| format!("{} ({}, {})", l.text, l.language, l.file.path)).collect()
    }

    #[test]
    fn files_are_read_only_when_they_are_needed() {
        let utf16: Vec<u8> = "\u{feff}Two=Zwei\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let files = Files::new(&[
            ("M/en-US/My.en-US.label.txt", b"\xEF\xBB\xBFOne=Customers V3\n"),
            ("M/de/My.de.label.txt", b"One=Debitoren V3\n"),
            ("N/en-us/MY.en-us.label.txt", &utf16),
            ("M/en-US/SYS.en-US.label.txt", b"@SYS7=Seven\n"),
        ]);
        let labels = files.texts("en-us");
        assert_eq!(found(&labels, "Customers V3"), [""; 0]);
        assert_eq!(found(&labels, "@my:one"), ["Customers V3 (0, M/en-US/My.en-US.label.txt)"]);
        assert_eq!(labels.read.lock().unwrap().len(), 1);
        assert_eq!(found(&labels, "@My:Two"), ["Zwei (0, N/en-us/MY.en-us.label.txt)"]);
        assert_eq!(found(&labels, "@SYS7"), ["Seven (0, M/en-US/SYS.en-US.label.txt)"]);
        assert!(labels.by_descriptor.get().is_none(), "the names of the files were enough");
        assert_eq!(found(&labels, "@Other:One"), [""; 0]);
    }

    #[test]
    fn another_language_goes_before_english() {
        let files = Files::new(&[
            ("M/en-US/My.en-US.label.txt", b"One=Customers\nTwo=Vendors\n"),
            ("M/de/My.de.label.txt", b"One=Debitoren\n"),
            ("M/fr/My.fr.label.txt", b"One=Clients\nTwo=Fournisseurs"),
        ]);
        let labels = files.texts("DE");
        let german = "Debitoren (0, M/de/My.de.label.txt)";
        assert_eq!(found(&labels, "@My:One"), [german, "Customers (1, M/en-US/My.en-US.label.txt)"]);
        assert_eq!(found(&labels, "@My:Two"), ["Vendors (1, M/en-US/My.en-US.label.txt)"]);
    }

    #[test]
    fn a_descriptor_can_name_its_file_otherwise() {
        let files = Files::new(&[
            ("M/en-US/Old.en-US.label.txt", b"One=Customers\n"),
            ("M/de/Old.de.label.txt", b"One=Debitoren\n"),
        ]);
        let descriptor = |id: &str, language: &str| {
            format!(
                "<AxLabelFile><Name xmlns=\"\">{id}_{language}</Name><LabelContentFileName>old.{language}.label.txt\
                 </LabelContentFileName><LabelFileId> {id} </LabelFileId></AxLabelFile>"
            )
        };
        for (name, text) in [
            ("M/New_en-US.xml", descriptor("New", "en-US")),
            ("M/New_de.xml", descriptor("New", "de")),
            ("M/Broken_en-US.xml", "<LabelFileId>".to_owned()),
        ] {
            files.put(name, text.as_bytes());
        }
        assert_eq!(found(&files.texts("en-US"), "@new:One"), ["Customers (0, M/en-US/Old.en-US.label.txt)"]);
        assert_eq!(found(&files.texts("de"), "@New:One").len(), 2);
        assert_eq!(found(&files.texts("de"), "@Broken:One"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[ ;=@a-c<>\r\n]{0,40}", label in "@?[a-z:0-9é]{0,8}") {
            parse(&text);
            let _ = (split(&label), value(&text, "a"));
        }
    }
}
