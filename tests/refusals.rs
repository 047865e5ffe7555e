//! What cannot work is refused with exit code 2 and a message that says what to do; nothing panics.

mod support;

use std::fs;
use std::io::Read;
use std::process::Stdio;
use support::sample::{list, problems, string};
use support::{Tree, dualtrack, find, mapped, refusal, root, text};

/// Runs the binary in the folder of the tree, with nothing added to the arguments.
fn refused(tree: &Tree, arguments: &[&str]) -> String {
    refusal(&dualtrack(tree.folder()).args(arguments).output().expect("the binary runs"))
}

fn small() -> Tree {
    let tree = Tree::new();
    tree.table("CustTable", &["AccountNum"]);
    tree.entity(
        "CustEntity",
        &root("CustTable", "CustTable", ""),
        &mapped("Account", "CustTable", "AccountNum"),
    );
    tree
}

#[test]
fn a_root_that_is_none_says_what_to_name_instead() {
    let tree = small();
    tree.raw("Test/Descriptor/Test.xml", "<AxModelInfo><Name>Test</Name></AxModelInfo>");
    tree.beside("empty/readme.txt", "nothing");
    tree.beside("file.xml", "<AxTable/>");
    let deep = tree.folder().join("repository/src/customizing/Metadata");
    fs::create_dir_all(deep.parent().expect("a folder")).expect("folders");
    fs::rename(tree.root(), &deep).expect("a new place");
    for (root, message) in [
        ("nowhere", "metadata root nowhere does not exist; check the path"),
        ("file.xml", "metadata root file.xml is not a folder"),
        ("empty", "empty holds no metadata"),
        ("repository", "did you mean repository/src/customizing/Metadata?"),
        (
            "repository/src/customizing/Metadata/Test/Test/AxTable",
            "did you mean repository/src/customizing/Metadata/Test/Test?",
        ),
    ] {
        for arguments in [
            &["analyze", root][..],
            &["graph", root],
            &["explain", "X", "-m", root],
            &["impact", "X", "-m", root],
            &["writes", root],
        ] {
            let error = refused(&tree, arguments).replace('\\', "/");
            assert!(error.contains(message), "{error}");
        }
    }
    let error = refused(&tree, &["analyze"]);
    for way in ["dualtrack analyze ROOT", "dualtrack.toml", "DUALTRACK_METADATA"] {
        assert!(error.contains(way), "{way}: {error}");
    }
    assert!(!tree.folder().join("out").exists(), "nothing is written");
}

#[test]
fn an_out_folder_that_cannot_be_one_is_named() {
    let tree = small();
    let file = tree.beside("taken", "mine");
    for out in [&*file, &format!("{file}/deeper/still")] {
        let error = refused(&tree, &["analyze", "metadata", "--out", out]);
        assert!(error.contains("cannot write") && error.contains("taken"), "{error}");
        assert!(error.contains("a file stands where the folder should be"), "{error}");
    }
    assert_eq!(fs::read(&file).expect("the file"), b"mine", "what is there stays as it is");
    for format in ["json", "text"] {
        let error = refused(
            &tree,
            &["explain", "CustEntity", "-m", "metadata", "--format", &format!("{format}=metadata")],
        );
        assert!(error.contains("cannot write metadata"), "{error}");
    }
    assert!(tree.root().is_dir());
    let left: Vec<_> =
        fs::read_dir(tree.folder()).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".dualtrack-")), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_nobody_can_write_to_is_named() {
    use support::platform::set_mode;
    let tree = small();
    // Not even the administrator can make a folder there.
    let error = refused(&tree, &["analyze", "metadata", "--out", "/proc/nowhere"]);
    assert!(error.contains("cannot write /proc/nowhere"), "{error}");
    let closed = tree.folder().join("closed");
    fs::create_dir(&closed).expect("a folder");
    set_mode(&closed, 0o555);
    let may_write = fs::write(closed.join("probe"), "").is_ok();
    if !may_write {
        let error = refused(&tree, &["analyze", "metadata", "--out", "closed"]);
        assert!(error.contains("cannot write") && error.contains("read-only?"), "{error}");
    }
    set_mode(&closed, 0o755);
}

#[test]
fn a_wrong_configuration_file_is_shown_with_its_lines() {
    let tree = small();
    let toml =
        "metadata = 'metadata'\nmapps = 'maps'\n\n[policy]\nnested-entity = 'primry'\nnested-veiw = 'all'\n";
    tree.beside("dualtrack.toml", toml);
    let error = refused(&tree, &["analyze"]);
    for expected in [
        "unknown key `mapps`",
        "dualtrack.toml:2:1",
        "did you mean `maps`?",
        "unknown value `primry` of policy `nested-entity`",
        "dualtrack.toml:5:17",
        "did you mean `primary`?",
        "unknown policy `nested-veiw`",
        "dualtrack.toml:6:1",
        "did you mean `nested-view`?",
    ] {
        assert!(error.contains(expected), "{expected}: {error}");
    }
    tree.beside("dualtrack.toml", "metadata = \"C:\\Packages\"\n");
    let error = refused(&tree, &["analyze"]);
    assert!(error.contains("dualtrack.toml:1:") && error.contains("single quotes"), "{error}");
    tree.beside("dualtrack.toml", "maps = 3\n");
    let error = refused(&tree, &["analyze", "metadata"]);
    assert!(error.contains("`maps` must be a path or a list of paths, not a number"), "{error}");
    let error = refused(&tree, &["analyze", "metadata", "--config", "other.toml"]);
    assert!(
        error.contains("this configuration file does not exist") && error.contains("other.toml"),
        "{error}"
    );
}

#[test]
fn unknown_policies_formats_and_commands_name_the_nearest() {
    let tree = small();
    for (arguments, expected) in [
        (&["analyze", "metadata", "--policy", "nested-entity=primry"][..], "did you mean `primary`?"),
        (&["analyze", "metadata", "--policy", "nestd-entity=primary"], "did you mean `nested-entity`?"),
        (&["analyze", "metadata", "--format", "yaml"], "text, json"),
        (&["graph", "metadata", "--format", "png"], "dot, svg, mermaid, json"),
        (&["analize"], "'analyze'"),
        (&["explain"], "ENTITY"),
        (&["analyze", "--frobnicate"], "--frobnicate"),
    ] {
        let error = refused(&tree, arguments);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn unknown_names_come_with_the_nearest_ones() {
    let tree = Tree::sample();
    for (command, subject, expected) in [
        (
            "explain",
            "CustCustomerV3Entitty",
            "no entity is called CustCustomerV3Entitty; did you mean CustCustomerV3Entity?",
        ),
        (
            "explain",
            "custcustomerv3entity.AdressCity",
            "no field is called CustCustomerV3Entity.AdressCity; did you mean AddressCity",
        ),
        ("explain", "CustTable", "CustTable is a table, not an entity; try dualtrack impact CustTable"),
        ("explain", "table:CustTable", "CustTable is a table, not an entity; try dualtrack impact CustTable"),
        ("explain", "view:CustCustomerV3Entity", "CustCustomerV3Entity is an entity, not a view"),
        ("explain", "ProjActiveProjectQuery", "is a query"),
        ("explain", "", "no entity is called"),
        ("impact", "CustTabel", "no table is called CustTabel; did you mean CustTable?"),
        ("impact", "CustTable.AcountNum", "did you mean AccountNum?"),
        ("impact", "entity:CustTable", "CustTable is a table, not an entity"),
        ("impact", "CustCustomerV3Entity", "try dualtrack explain CustCustomerV3Entity"),
        ("impact", "LogisticsPostalAddressMap", "is a table map"),
    ] {
        let error = refusal(&tree.run(&[command, subject]));
        assert!(error.contains(expected), "{command} {subject}: {error}");
    }
    // One wrong name among good ones is wrong; nothing is half explained.
    refusal(&tree.run(&["explain", "CustCustomerV3Entity", "Nope"]));
    // The kind may stand in front, in any case, and says that of the names the table is meant.
    let plain = tree.prints(&["impact", "CustTable.CustGroup"]);
    assert_eq!(tree.prints(&["impact", "Table:CUSTTABLE.custgroup"]), plain);
    let plain = tree.prints(&["explain", "FabDepotEntity"]);
    assert_eq!(tree.prints(&["explain", "entity:fabdepotentity"]), plain);
}

#[test]
fn table_maps_that_are_not_there_are_refused() {
    let tree = small();
    let error = refused(&tree, &["analyze", "metadata", "--maps", "nowhere"]);
    assert!(error.contains("there is no table map nowhere (from command line)"), "{error}");
    tree.beside("dualtrack.toml", "metadata = 'metadata'\nmaps = ['also-nowhere']\n");
    let error = refused(&tree, &["analyze"]);
    assert!(error.contains("also-nowhere") && error.contains("dualtrack.toml:2"), "{error}");
}

/// A map that cannot be read is named without being asked for, and the other maps count.
#[test]
fn table_maps_that_cannot_be_read_are_named_and_the_others_count() {
    let tree = small();
    let good = r#"{"legs":[{"sourceSchema":"CustEntity","fieldMappings":[{"syncDirection":1,"sourceField":"ACCOUNT","destinationField":"a"}]}]}"#;
    for (name, content) in [
        ("cut.json", &b"{\"legs\": [\n  {\"sourceSchema\":"[..]),
        ("text.json", b"no JSON"),
        ("empty.json", b""),
        ("encoding.json", b"{\"legs\": \"\xFF\"}"),
        ("deep.json", &b"[".repeat(100_000)),
        ("deep-objects.json", &br#"{"legs":"#.repeat(100_000)),
    ] {
        tree.beside("maps/good.json", good);
        let path = tree.beside(&format!("maps/{name}"), content);
        let maps = tree.folder().join("maps");
        let maps = maps.to_str().expect("a path in Unicode");
        let printed = tree.prints(&["analyze", "--maps", maps]);
        assert!(printed.contains(&format!("error[unreadable-map]: {name}: ")), "{printed}");
        let tracking = tree.tracking();
        assert_eq!(problems(&tracking, "unreadable-map").len(), 1);
        assert_eq!(find(&tracking, "entities", "CustEntity")["in_scope"], true);
        fs::remove_file(path).expect("the file");
    }
    let maps =
        tree.beside("maps/other.json", r#"{"legs": [{"sourceSchema": "CustEntitty", "fieldMappings": []}]}"#);
    let tracking = tree.analyze(&["--maps", &maps]);
    let [problem] = problems(&tracking, "unmatched-map-entity")[..] else { panic!("one problem") };
    assert!(string(problem, "message").contains("did you mean CustEntity?"), "{problem}");
    assert_eq!((&tracking["assumed_mapped"], list(&tracking["definitions"]).len()), (&false.into(), 0));
}

/// `dualtrack … | head -1`: the reader goes away.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let tree = Tree::sample();
    for arguments in [
        &["analyze", "--json", "--all"][..],
        &["analyze", "--all", "--verbose"],
        &["explain", "CustCustomerV3Entity", "--all", "--json"],
        &["explain", "CustCustomerV3Entity", "--all"],
        &["impact", "LogisticsPostalAddress"],
        &["graph", "--all"],
        &["graph", "--format", "mermaid"],
        &["graph", "--json"],
        &["writes", "--all"],
        &["writes", "--format", "csv"],
    ] {
        closed_pipe(tree.command(arguments), arguments);
    }
    for arguments in
        [&["list", "policies"][..], &["completions", "bash"], &["--help"], &["analyze", "--help"]]
    {
        let mut command = dualtrack(tree.folder());
        command.args(arguments);
        closed_pipe(command, arguments);
    }
}

fn closed_pipe(mut command: std::process::Command, arguments: &[&str]) {
    command.env("PATH", "").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    drop(child.stdout.take());
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("UTF-8");
    let status = child.wait().expect("an end");
    assert!(status.success(), "{arguments:?}: {status} {error}");
    assert!(!error.contains("panicked") && !error.contains("error:"), "{arguments:?}: {error}");
}

/// A full disk behind standard output or standard error.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full"));
    let tree = small();
    for arguments in [
        &["analyze", "metadata"][..],
        &["explain", "CustEntity", "-m", "metadata"],
        &["graph", "metadata"],
        &["list", "reasons"],
        &["completions", "zsh"],
    ] {
        let output =
            dualtrack(tree.folder()).args(arguments).stdout(full()).output().expect("the binary runs");
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains("cannot write to standard output"), "{arguments:?}: {error}");
    }
    let output = dualtrack(tree.folder()).args(["analyze", "nowhere"]).stderr(full()).output();
    assert_eq!(output.expect("the binary runs").status.code(), Some(2));
    let output = dualtrack(tree.folder()).args(["graph", "metadata"]).stderr(full()).output();
    assert_eq!(output.expect("the binary runs").status.code(), Some(0));
}
