//! Edits of AOT files, byte for byte, in the ways that such files are written.

use dualtrack::edit::{
    Change, DocumentError, EditError, FieldForm, FileChange, NewField, NewFile, NewKind, Target, TextEdit,
    apply, method_source, plan, plan_with, unified_diff,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn field(form: FieldForm) -> NewField {
    NewField { name: "New".into(), data_source: "Src & Co".into(), data_field: "RecId".into(), form }
}

fn add_field(form: FieldForm) -> Change {
    Change::AddField { file: Target::Existing("x.xml".into()), field: field(form) }
}

fn add_method(name: &str, source: &str) -> Change {
    Change::AddMethod { file: Target::Existing("x.xml".into()), name: name.into(), source: source.into() }
}

fn edit_method(method: &str, edits: &[(std::ops::Range<usize>, &str)]) -> Change {
    let edits = edits.iter().map(|(range, text)| TextEdit { range: range.clone(), text: (*text).to_owned() });
    Change::EditMethod { file: "x.xml".into(), method: method.into(), edits: edits.collect() }
}

fn try_edit(before: &str, changes: &[Change]) -> Result<String, EditError> {
    let planned = plan_with(changes, &|_| Ok(before.as_bytes().to_vec()))?;
    Ok(planned.first().map_or(before.to_owned(), |file| String::from_utf8(file.after.clone()).unwrap()))
}

#[track_caller]
fn edited(before: &str, change: Change, after: &str) {
    let result = try_edit(before, &[change]).unwrap();
    assert!(result == after, "{result}\n--- expected\n{after}");
}

fn document_error(before: &str, change: Change) -> DocumentError {
    match try_edit(before, &[change]) {
        Err(EditError::File { path, error }) if path == Path::new("x.xml") => error,
        other => panic!("{other:?}"),
    }
}

const VIEW: FieldForm = FieldForm::View;
const ENTITY: FieldForm = FieldForm::Entity;
const I: &str = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";

#[test]
fn a_field_goes_behind_the_last_one_and_looks_like_it() {
    let before = format!(
        "<?xml version=\"1.0\"?>\r\n<AxDataEntityView {I}>\r\n\t<Name>E</Name>\r\n\t<Fields>\r\n\t\t<AxDataEntityViewField xmlns=\"\"\r\n\t\t\ti:type=\"AxDataEntityViewUnmappedFieldString\">\r\n\t\t\t<Name>A</Name>\r\n\t\t</AxDataEntityViewField>\r\n\t</Fields>\r\n</AxDataEntityView>"
    );
    let new = "\t\t<AxDataEntityViewField xmlns=\"\"\r\n\t\t\ti:type=\"AxDataEntityViewMappedField\">\r\n\t\t\t<Name>New</Name>\r\n\t\t\t<AccessModifier>Internal</AccessModifier>\r\n\t\t\t<AllowEdit>No</AllowEdit>\r\n\t\t\t<AllowEditOnCreate>No</AllowEditOnCreate>\r\n\t\t\t<Mandatory>No</Mandatory>\r\n\t\t\t<DataField>RecId</DataField>\r\n\t\t\t<DataSource>Src &amp; Co</DataSource>\r\n\t\t</AxDataEntityViewField>\r\n";
    let after = before.replace("\t</Fields>", &format!("{new}\t</Fields>"));
    edited(&before, add_field(ENTITY), &after);
    edited(&format!("\u{FEFF}{before}"), add_field(ENTITY), &format!("\u{FEFF}{after}"));
}

#[test]
fn one_line_and_spaces_are_kept() {
    let view = |fields: &str| format!("<AxView {I}>\n  <Fields>{fields}</Fields>\n</AxView>\n");
    let old = "\n    <AxViewField xmlns=\"\" i:type='AxViewFieldComputedInt'>\n      <Name>A</Name>\n    </AxViewField>";
    let new = "\n    <AxViewField xmlns=\"\" i:type='AxViewFieldBound'>\n      <Name>New</Name>\n      <DataField>RecId</DataField>\n      <DataSource>Src &amp; Co</DataSource>\n    </AxViewField>";
    edited(&view(&format!("{old}\n  ")), add_field(VIEW), &view(&format!("{old}{new}\n  ")));

    let line = |fields: &str| format!("<AxView {I}><Name>V</Name>{fields}<Indexes/></AxView>");
    let new = "<AxViewField xmlns=\"\" i:type=\"AxViewFieldBound\"><Name>New</Name><DataField>RecId</DataField><DataSource>Src &amp; Co</DataSource></AxViewField>";
    for empty in ["<Fields />", "<Fields/>", "<Fields></Fields>", ""] {
        edited(&line(empty), add_field(VIEW), &line(&format!("<Fields>{new}</Fields>")));
    }
}

#[test]
fn an_empty_or_missing_list_is_made_in_its_place() {
    let extension = |fields: &str| {
        format!(
            "<AxViewExtension {I}>\n\t<Name>V.X</Name>\n\t<FieldGroups />{fields}\n\t<Mappings />\n\t<Relations />\n</AxViewExtension>"
        )
    };
    let after = extension(
        "\n\t<Fields>\n\t\t<AxViewField xmlns=\"\"\n\t\t\ti:type=\"AxViewFieldBound\">\n\t\t\t<Name>New</Name>\n\t\t\t<DataField>RecId</DataField>\n\t\t\t<DataSource>Src &amp; Co</DataSource>\n\t\t</AxViewField>\n\t</Fields>",
    );
    for empty in [
        "\n\t<Fields />",
        "\n\t<Fields/>",
        "\n\t<Fields></Fields>",
        "\n\t<Fields>\n\t</Fields>",
        "\n\t<Fields>  </Fields>",
        "",
    ] {
        edited(&extension(empty), add_field(VIEW), &after);
    }
}

#[test]
fn a_list_behind_everything_is_made_at_the_end() {
    let field = "\n  <Fields>\n    <AxViewField xmlns=\"\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"\n      i:type=\"AxViewFieldBound\">\n      <Name>New</Name>\n      <DataField>RecId</DataField>\n      <DataSource>Src &amp; Co</DataSource>\n    </AxViewField>\n  </Fields>";
    edited(
        "<AxView>\n  <Name>V</Name>\n</AxView>",
        add_field(VIEW),
        &format!("<AxView>\n  <Name>V</Name>{field}\n</AxView>"),
    );
    let inline = try_edit("<AxView/>", &[add_field(VIEW)]).unwrap();
    assert!(
        inline.starts_with("<AxView><Fields><AxViewField ")
            && inline.ends_with("</AxViewField></Fields></AxView>")
    );
}

#[test]
fn a_comment_behind_the_last_field_stays_where_it_is() {
    let before =
        format!("<AxView {I}>\n <Fields>\n  <AxViewField/>\n  <!-- the end -->\n </Fields>\n</AxView>");
    let after = try_edit(&before, &[add_field(VIEW)]).unwrap();
    assert!(after.contains("<!-- the end -->\n  <AxViewField xmlns=\"\"\n   i:type="), "{after}");
    assert!(after.ends_with("  </AxViewField>\n </Fields>\n</AxView>"), "{after}");
}

#[test]
fn a_method_is_written_as_the_aot_writes_it() {
    let method = "\r\n\t\t\t<Method>\r\n\t\t\t\t<Name>b</Name>\r\n\t\t\t\t<Source><![CDATA[\r\n    void b()\r\n    {\r\n        str s = 'x]]]]><![CDATA[>y';\r\n    }\r\n\r\n]]></Source>\r\n\t\t\t</Method>";
    let class = |inside: &str| {
        format!(
            "<AxClass>\r\n\t<Name>C</Name>\r\n\t<SourceCode>\r\n\t\t<Declaration><![CDATA[x]]></Declaration>{inside}\r\n\t</SourceCode>\r\n</AxClass>"
        )
    };
    let source = "    void b()\n    {\n        str s = 'x]]>y';\n    }\n";
    let after = class(&format!("\r\n\t\t<Methods>{method}\r\n\t\t</Methods>"));
    for empty in ["\r\n\t\t<Methods />", "\r\n\t\t<Methods></Methods>", ""] {
        edited(&class(empty), add_method("b", source), &after);
    }
    let one = class(&format!("\r\n\t\t<Methods>{}\r\n\t\t</Methods>", method.replace("b<", "a<")));
    let two = class(&format!("\r\n\t\t<Methods>{}{method}\r\n\t\t</Methods>", method.replace("b<", "a<")));
    edited(&one, add_method("b", source), &two);

    edited(
        "<AxTable>\n <Name>T</Name>\n <Label>x</Label>\n</AxTable>",
        add_method("m", "    void m() {}"),
        "<AxTable>\n <Name>T</Name>\n <SourceCode>\n  <Methods>\n   <Method>\n    <Name>m</Name>\n    <Source><![CDATA[\n    void m() {}\n\n]]></Source>\n   </Method>\n  </Methods>\n </SourceCode>\n <Label>x</Label>\n</AxTable>",
    );
}

fn with_source(source: &str) -> String {
    format!(
        "<AxClass><SourceCode><Methods><Method><Name> run </Name>{source}</Method></Methods></SourceCode></AxClass>"
    )
}

#[test]
fn edits_of_a_method_touch_only_what_they_mean() {
    let cases = [
        // (before, text, range, new text, after)
        (
            "<Source><![CDATA[abc]]></Source>",
            "abc",
            1..2,
            "]]>",
            "<Source><![CDATA[a]]]]><![CDATA[>c]]></Source>",
        ),
        (
            "<Source><![CDATA[a]]b]]></Source>",
            "a]]b",
            3..3,
            ">",
            "<Source><![CDATA[a]]]]><![CDATA[>b]]></Source>",
        ),
        (
            "<Source><![CDATA[a]]]]><![CDATA[>b]]></Source>",
            "a]]>b",
            1..4,
            "-",
            "<Source><![CDATA[a-]]><![CDATA[b]]></Source>",
        ),
        (
            "<Source> <![CDATA[a\r\nb]]></Source>",
            "a\r\nb",
            3..4,
            "x\ny",
            "<Source> <![CDATA[a\r\nx\r\ny]]></Source>",
        ),
        ("<Source>a &lt; b</Source>", "a < b", 2..3, ">&", "<Source>a &gt;&amp; b</Source>"),
        ("<Source>a &lt; b</Source>", "a < b", 2..2, "!", "<Source>a !&lt; b</Source>"),
        ("<Source>a &#60; b > c</Source>", "a < b > c", 4..5, "x", "<Source>a &#60; x > c</Source>"),
        ("<Source>]]&amp;></Source>", "]]&>", 2..3, "", "<Source>]]&gt;</Source>"),
        ("<Source />", "", 0..0, "x", "<Source><![CDATA[x]]></Source>"),
        ("<Source></Source>", "", 0..0, "x", "<Source><![CDATA[x]]></Source>"),
        ("<Source><![CDATA[]]></Source>", "", 0..0, "x", "<Source><![CDATA[x]]></Source>"),
        ("<Source><!-- c --></Source>", "", 0..0, "x", "<Source><![CDATA[x]]><!-- c --></Source>"),
        ("<Source><![CDATA[a]]>\n </Source>", "a\n ", 1..1, "x", "<Source><![CDATA[ax]]>\n </Source>"),
        ("<Source>é<![CDATA[ü]]></Source>", "éü", 0..4, "x", "<Source>x<![CDATA[]]></Source>"),
        // What would be left before the CDATA section is white space, which readers drop.
        ("<Source> b<![CDATA[c]]></Source>", " bc", 1..2, "", "<Source><![CDATA[ c]]></Source>"),
    ];
    for (source, text, range, new, after) in cases {
        let before = with_source(source);
        let found = method_source(before.as_bytes(), "RUN").unwrap();
        assert_eq!(found.as_deref(), Some(text), "{source}");
        edited(&before, edit_method("Run", &[(range, new)]), &with_source(after));
    }
}

#[test]
fn several_edits_of_one_method_mean_its_source_as_it_was() {
    let before = with_source("<Source><![CDATA[0123456789]]></Source>");
    let changes = [
        edit_method("run", &[(8..9, "H"), (0..1, "")]),
        edit_method("RUN", &[(4..4, "a"), (4..4, "b"), (4..5, "c")]),
        add_method("next", "    void next() {}"),
    ];
    let after = try_edit(&before, &changes).unwrap();
    assert_eq!(method_source(after.as_bytes(), "run").unwrap().unwrap(), "123abc567H9");
    assert_eq!(method_source(after.as_bytes(), "next").unwrap().unwrap(), "\n    void next() {}\n\n");
    assert_eq!(method_source(after.as_bytes(), "other").unwrap(), None);
}

#[test]
fn what_does_not_fit_is_refused() {
    let method = with_source("<Source><![CDATA[é]]></Source>");
    for ranges in [[0..0, 0..3], [0..0, 1..2], [0..2, 0..2], [0..0, 3..3]] {
        let edits = ranges.map(|range| (range, ""));
        assert!(matches!(document_error(&method, edit_method("run", &edits)), DocumentError::Range { .. }));
    }
    assert!(matches!(document_error(&method, edit_method("walk", &[])), DocumentError::NoMethod { .. }));
    assert!(matches!(document_error(&method, add_method("RUN", "")), DocumentError::MethodExists { .. }));
    assert!(matches!(document_error(&method, add_method("a", "\0")), DocumentError::Character { .. }));
    assert!(matches!(document_error(&method, add_field(VIEW)), DocumentError::WrongRoot { .. }));
    let view = "<AxView><Fields><F><Name>new</Name></F></Fields></AxView>";
    assert!(matches!(document_error(view, add_field(ENTITY)), DocumentError::WrongRoot { .. }));
    assert!(matches!(document_error(view, add_field(VIEW)), DocumentError::FieldExists { .. }));
    for broken in [
        "",
        "<AxView>",
        "<AxView><Fields></AxView>",
        "<AxView/><AxView/>",
        "<!DOCTYPE x><AxView/>",
        "<AxView>&x;</AxView>",
    ] {
        let error = document_error(broken, add_field(VIEW));
        assert!(matches!(error, DocumentError::Malformed { .. }), "{broken}: {error:?}");
    }
}

/// A model in a temporary folder with one class in it.
struct Model(tempfile::TempDir);

impl Model {
    fn new(descriptor: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("Pkg/Descriptor")).unwrap();
        fs::create_dir_all(folder.path().join("Pkg/Model")).unwrap();
        fs::write(folder.path().join("Pkg/Descriptor/Model.xml"), descriptor).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("Pkg/Model")
    }

    fn write(&self, path: &str, bytes: &str) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn class(&self, name: &str) -> Change {
        let declaration = "[ExtensionOf(tableStr(E))]\nfinal class C_Extension\n{\n}\n".to_owned();
        let file = NewFile::in_model(&self.path(), NewKind::Class { declaration }, name);
        Change::AddMethod { file: Target::New(file), name: "m".into(), source: "    void m() {}".into() }
    }

    fn extension(&self, name: &str) -> Change {
        let file = NewFile::in_model(&self.path(), NewKind::EntityExtension, name);
        Change::AddField { file: Target::New(file), field: field(ENTITY) }
    }
}

const CLASS: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<AxClass xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">
\t<Name>C_Extension</Name>
\t<SourceCode>
\t\t<Declaration><![CDATA[
[ExtensionOf(tableStr(E))]
final class C_Extension
{
}
]]></Declaration>
\t\t<Methods>
\t\t\t<Method>
\t\t\t\t<Name>m</Name>
\t\t\t\t<Source><![CDATA[
    void m() {}

]]></Source>
\t\t\t</Method>
\t\t</Methods>
\t</SourceCode>
</AxClass>";

#[test]
fn new_files_look_like_their_neighbours() {
    let after = |model: &Model| {
        let planned = plan(&[model.class("C_Extension")]).unwrap();
        assert_eq!((planned.len(), planned[0].before.is_none()), (1, true));
        String::from_utf8(planned[0].after.clone()).unwrap()
    };
    let model = Model::new(b"<AxModelInfo/>");
    assert_eq!(after(&model), CLASS);
    fs::write(model.path().join("../Descriptor/Model.xml"), "<AxModelInfo>\r\n</AxModelInfo>").unwrap();
    assert_eq!(after(&model), CLASS.replace('\n', "\r\n"));
    model.write("AxTable/T.xml", "\u{FEFF}<AxTable>\r\n</AxTable>");
    assert_eq!(after(&model), format!("\u{FEFF}{}", CLASS.replace('\n', "\r\n")));
    model.write("AxClass/D.xml", "<AxClass>\n</AxClass>");
    assert_eq!(after(&model), CLASS);
}

#[test]
fn a_new_extension_holds_all_its_fields() {
    let model = Model::new(b"<AxModelInfo>\n</AxModelInfo>");
    let mut second = model.extension("E.Model");
    if let Change::AddField { field, .. } = &mut second {
        field.name = "Second".into();
    }
    let planned = plan(&[model.extension("E.Model"), second, model.extension("E.Model")]).unwrap();
    let text = String::from_utf8(planned[0].after.clone()).unwrap();
    let lists: Vec<_> = text.lines().filter(|l| l.starts_with("\t<") && !l.starts_with("\t</")).collect();
    let order = [
        "\t<Name>E.Model</Name>",
        "\t<DataSources />",
        "\t<FieldGroupExtensions />",
        "\t<FieldGroups />",
        "\t<FieldModifications />",
        "\t<Fields>",
        "\t<Mappings />",
        "\t<PropertyModifications />",
        "\t<Relations />",
    ];
    assert_eq!(lists, order);
    assert_eq!(text.matches("<AxDataEntityViewField xmlns=\"\"\n\t\t\ti:type=").count(), 2);
    apply(&planned, &[model.path()]).unwrap();
    let written = fs::read_to_string(model.path().join("AxDataEntityViewExtension/E.Model.xml")).unwrap();
    assert_eq!(written, text);
}

#[test]
fn a_new_file_takes_nobodys_place() {
    let model = Model::new(b"");
    model.write("AxClass/c_extension.XML", "<AxClass/>");
    assert!(matches!(plan(&[model.class("C_Extension")]), Err(EditError::Exists { .. })));
    assert!(matches!(plan(&[model.class("../C")]), Err(EditError::Name { .. })));
    let mut other = model.class("C2");
    if let Change::AddMethod { file: Target::New(file), .. } = &mut other {
        file.kind = NewKind::Class { declaration: "class D {}".into() };
    }
    assert!(matches!(plan(&[model.class("C2"), other]), Err(EditError::TwoNewFiles { .. })));
}

#[test]
fn a_plan_is_ordered_by_path_and_leaves_out_what_stays() {
    let model = Model::new(b"");
    let paths = ["AxView/B.xml", "AxView/A.xml", "AxTable/T.xml"].map(|path| model.write(path, "<AxView/>"));
    let add = |path: &PathBuf| Change::AddField { file: Target::Existing(path.clone()), field: field(VIEW) };
    fs::write(&paths[2], with_source("<Source />")).unwrap();
    let nothing = Change::EditMethod { file: paths[2].clone(), method: "run".into(), edits: Vec::new() };
    let around = model.path().join("AxView/../AxView/A.xml");
    let mut second = add(&around);
    if let Change::AddField { field, .. } = &mut second {
        field.name = "Second".into();
    }
    let planned = plan(&[add(&paths[0]), add(&paths[1]), nothing, second]).unwrap();
    let found: Vec<_> = planned.iter().map(|file| file.path.clone()).collect();
    assert_eq!(found, [paths[1].clone(), paths[0].clone()]);
    assert_eq!(String::from_utf8_lossy(&planned[0].after).matches("<Name>").count(), 2);
    let gone = plan(&[add(&model.path().join("AxView/C.xml"))]).unwrap_err();
    assert!(matches!(gone, EditError::Read { .. }) && gone.to_string().contains("C.xml"));
}

/// All XML files below a folder.
fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "xml") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn a_field_only_adds_lines_to_the_sample_files() {
    let mut tried = 0;
    for path in xml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata")) {
        let kind = path.parent().and_then(Path::file_name).unwrap().to_str().unwrap();
        let form = match kind {
            "AxDataEntityView" | "AxDataEntityViewExtension" => ENTITY,
            "AxView" | "AxViewExtension" => VIEW,
            _ => continue,
        };
        let field = NewField { name: "AddedRecId".into(), ..field(form) };
        let planned = plan(&[Change::AddField { file: Target::Existing(path.clone()), field }]).unwrap();
        let diff = unified_diff(&planned, &|path| path.display().to_string());
        let lines: Vec<_> = diff.lines().skip(2).filter(|l| l.starts_with('-')).collect();
        let opened = lines.iter().all(|line| line.trim_end() == "-\t<Fields />");
        assert!(opened && lines.len() <= 1, "{}: {lines:?}", path.display());
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
}

fn git(folder: &Path, arguments: &[&str]) -> Option<std::process::Output> {
    let mut command = Command::new("git");
    command
        .args(["-c", "core.autocrlf=false", "-c", "core.longpaths=true"])
        .args(arguments)
        .current_dir(folder);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", folder).output().ok()
}

#[test]
fn git_applies_the_diff() {
    let model = Model::new(b"");
    let body = "<AxView>\n\t<Name>V</Name>\n\t<Fields />\n\t<Relations />\n</AxView>";
    let files = [
        model.write("AxView/LF.xml", body),
        model.write("AxView/CR LF.xml", &body.replace('\n', "\r\n")),
        model.write("AxView/Größe.xml", &format!("\u{FEFF}{body}\n")),
        model.write("AxView/line.xml", &body.replace(['\n', '\t'], "")),
        model.write(if cfg!(windows) { "AxView/quoted.xml" } else { "AxView/quo\"ted.xml" }, body),
    ];
    let mut changes: Vec<_> = files
        .iter()
        .map(|path| Change::AddField { file: Target::Existing(path.clone()), field: field(VIEW) })
        .collect();
    changes.push(model.class("C_Extension"));
    let planned: Vec<FileChange> = plan(&changes).unwrap();
    let shown = |path: &Path| path.strip_prefix(model.path()).unwrap().to_str().unwrap().replace('\\', "/");
    fs::write(model.path().join("plan.diff"), unified_diff(&planned, &shown)).unwrap();
    let Some(output) = git(&model.path(), &["apply", "--whitespace=nowarn", "plan.diff"]) else {
        eprintln!("git is not here; not tested");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in &planned {
        assert!(fs::read(&file.path).unwrap() == file.after, "{}", file.path.display());
    }
}
