use super::*;
use crate::tracking::NestedEntity;
use proptest::prelude::*;

fn read(text: &str) -> Result<Config, ConfigErrors> {
    Config::from_text(text, Path::new("proj/dualtrack.toml"))
}

fn errors(text: &str) -> String {
    read(text).expect_err("must be refused").to_string()
}

fn shown(config: &Config) -> String {
    let line = |s: Setting| format!("{} = {}  # {}", s.key, s.value, config.describe(s.origin));
    config.settings().into_iter().map(line).collect::<Vec<_>>().join("\n")
}

const FULL: &str = "metadata = ['a', '/abs']
maps = 'maps'
own-models = ['My']
out = 'out'
insert-only = []
policy.nested-entity = 'primary'
[alias]
'Customers V3' = 'CustCustomerV3Entity'
[map-version]
'x' = '1.0.0.2'
";

#[cfg(not(windows))]
#[test]
fn every_value_knows_where_it_came_from() {
    insta::assert_snapshot!(shown(&read(FULL).unwrap()), @r#"
    metadata = ["proj/a", "/abs"]  # proj/dualtrack.toml:1
    maps = ["proj/maps"]  # proj/dualtrack.toml:2
    language = "en-US"  # default
    own-models = ["My"]  # proj/dualtrack.toml:3
    out = "proj/out"  # proj/dualtrack.toml:4
    insert-only = []  # proj/dualtrack.toml:5
    policy.nested-entity = "primary"  # proj/dualtrack.toml:6
    policy.nested-view = "primary"  # default
    policy.inner-read-only = "tracked"  # default
    policy.under-untracked = "untracked"  # default
    policy.inheritance = "chain"  # default
    policy.entity-read-only = "tracked"  # default
    policy.internal-fields = "public"  # default
    policy.lookup-only = "counts"  # default
    alias."Customers V3" = "CustCustomerV3Entity"  # proj/dualtrack.toml:8
    map-version."x" = "1.0.0.2"  # proj/dualtrack.toml:10
    baseline = ""  # default
    "#);
}

#[test]
fn the_defaults_are_those_of_the_specification() {
    insta::assert_snapshot!(shown(&Config::default()), @r#"
    metadata = []  # default
    maps = []  # default
    language = "en-US"  # default
    own-models = []  # default
    out = ""  # default
    insert-only = ["DimensionAttributeValueSet", "DimensionAttributeValueCombination", "InventDim"]  # default
    policy.nested-entity = "root-only"  # default
    policy.nested-view = "primary"  # default
    policy.inner-read-only = "tracked"  # default
    policy.under-untracked = "untracked"  # default
    policy.inheritance = "chain"  # default
    policy.entity-read-only = "tracked"  # default
    policy.internal-fields = "public"  # default
    policy.lookup-only = "counts"  # default
    baseline = ""  # default
    "#);
    assert!(Config::default().is_insert_only("inventdim"));
}

#[test]
fn the_command_line_goes_first() {
    let mut config = read(FULL).unwrap();
    let overrides = Overrides {
        metadata: vec!["here".into()],
        policy: vec![("nested-entity".into(), "none".into()), ("nope".into(), "x".into())],
        aliases: vec![("CUSTOMERS v3".into(), "Mine".into())],
        ..Overrides::default()
    };
    let wrong = config.apply(overrides).unwrap_err();
    assert_eq!(wrong.len(), 1);
    assert_eq!(config.policy.nested_entity, NestedEntity::None);
    assert_eq!(config.alias(" customers V3"), Some("Mine"));
    assert_eq!(config.aliases.len(), 1);
    assert_eq!(config.origin("metadata"), Origin::CommandLine);
    assert_eq!(config.origin("alias.Customers V3"), Origin::CommandLine);
    assert_eq!(config.origin("maps"), Origin::File { line: 2 });
}

#[test]
fn every_key_is_read_and_its_example_is_valid() {
    for info in KEYS {
        let config = read(info.example).unwrap();
        assert_ne!(config.settings(), Config::default().settings(), "{}", info.key);
        assert!(config.settings().iter().any(|s| s.key.starts_with(info.key) && s.origin != Origin::Default));
    }
}

#[test]
fn several_errors_come_together_in_order() {
    insta::assert_snapshot!(errors("own_models = ['A']
metadata = 3
nested-entity = 'all'
out = ['a']
zzz = 1
insert-only = 'InventDim'
[policy]
inheritance = 'tree'
nested-veiw = 'all'
lookup-only = true
[alias]
D = 1
A = 'x'
a = 'y'
B = ''
"), @r"
    unknown key `own_models`
      --> proj/dualtrack.toml:1:1
       |
     1 | own_models = ['A']
       | ^^^^^^^^^^
       = help: did you mean `own-models`?

    `metadata` must be a path or a list of paths, not a number
      --> proj/dualtrack.toml:2:12
       |
     2 | metadata = 3
       |            ^
       = help: for example: metadata = ['C:\AosService\PackagesLocalDirectory', 'src/Metadata']

    unknown key `nested-entity`
      --> proj/dualtrack.toml:3:1
       |
     3 | nested-entity = 'all'
       | ^^^^^^^^^^^^^
       = help: `nested-entity` belongs under `[policy]`

    `out` must be a path, not a list
      --> proj/dualtrack.toml:4:7
       |
     4 | out = ['a']
       |       ^^^^^
       = help: for example: out = 'out'

    unknown key `zzz`
      --> proj/dualtrack.toml:5:1
       |
     5 | zzz = 1
       | ^^^
       = help: known keys: metadata, maps, language, own-models, out, insert-only, policy, alias, map-version, baseline, rules, allow

    `insert-only` must be a list of names, not a text
      --> proj/dualtrack.toml:6:15
       |
     6 | insert-only = 'InventDim'
       |               ^^^^^^^^^^^
       = help: for example: insert-only = ['DimensionAttributeValueSet', 'InventDim']

    unknown value `tree` of policy `inheritance`; allowed: `chain`, `leaf` or `root`
      --> proj/dualtrack.toml:8:15
       |
     8 | inheritance = 'tree'
       |               ^^^^^^
       = help: the default is `chain`

    unknown policy `nested-veiw`
      --> proj/dualtrack.toml:9:1
       |
     9 | nested-veiw = 'all'
       | ^^^^^^^^^^^
       = help: did you mean `nested-view`?

    `policy.lookup-only` must be a text, not true or false
       --> proj/dualtrack.toml:10:15
        |
     10 | lookup-only = true
        |               ^^^^
        = help: for example: lookup-only = 'counts'

    `alias.D` must be a text, not a number
       --> proj/dualtrack.toml:12:5
        |
     12 | D = 1
        |     ^
        = help: for example: 'Name' = 'value'

    `alias.a` stands here twice; upper and lower case do not count (first in line 13)
       --> proj/dualtrack.toml:14:1
        |
     14 | a = 'y'
        | ^
        = help: remove one of them

    `alias.B` is empty
       --> proj/dualtrack.toml:15:5
        |
     15 | B = ''
        |     ^^
        = help: write a value, or leave the key out
    ");
}

#[test]
fn rules_and_allowances_are_checked() {
    insta::assert_snapshot!(errors("[rules]
untracked-feild = 'error'
virtual-field-mapped = 'fatal'
untracked-field = 3
out = 'x'
[[allow]]
rule = 'virtual-field'
element = '*'
reason = 'r'
[[allow]]
rule = 'untracked-field'
element = 'E'
[[allow]]
rule = 'untracked-field'
element = 'E'
reason = ' '
why = 'x'
"), @r"
    unknown rule `untracked-feild`
      --> proj/dualtrack.toml:2:1
       |
     2 | untracked-feild = 'error'
       | ^^^^^^^^^^^^^^^
       = help: did you mean `untracked-field`?

    unknown level `fatal` of rule `virtual-field-mapped`; allowed: `off`, `note`, `warning` or `error`
      --> proj/dualtrack.toml:3:24
       |
     3 | virtual-field-mapped = 'fatal'
       |                        ^^^^^^^
       = help: its own level is `warning`

    `rules.untracked-field` must be a text, not a number
      --> proj/dualtrack.toml:4:19
       |
     4 | untracked-field = 3
       |                   ^
       = help: for example: 'Name' = 'value'

    `out` does not belong under `[rules]`
      --> proj/dualtrack.toml:5:1
       |
     5 | out = 'x'
       | ^^^
       = help: write `out` above the first line in [brackets]

    unknown rule `virtual-field`
      --> proj/dualtrack.toml:7:8
       |
     7 | rule = 'virtual-field'
       |        ^^^^^^^^^^^^^^^
       = help: did you mean `virtual-field-mapped`?

    this `[[allow]]` has no `reason`
       --> proj/dualtrack.toml:10:1
        |
     10 | [[allow]]
        | ^^^^^^^^^
        = help: say why these findings are accepted: others will ask

    `allow.reason` is empty
       --> proj/dualtrack.toml:16:10
        |
     16 | reason = ' '
        |          ^^^
        = help: write a value, or leave the key out

    unknown key `why` in `[[allow]]`
       --> proj/dualtrack.toml:17:1
        |
     17 | why = 'x'
        | ^^^
        = help: an allowance has a `rule`, an `element` (with * for any characters) and a `reason`
    ");
    insta::assert_snapshot!(errors("allow = ['untracked-field']"), @r"
    `allow` must be a list of tables with rule, element and reason, not a text
      --> proj/dualtrack.toml:1:10
       |
     1 | allow = ['untracked-field']
       |          ^^^^^^^^^^^^^^^^^
       = help: for example: [[allow]]
         rule = 'untracked-field'
         element = 'Cust*Entity'
         reason = 'a nightly job sends them'
    ");
}

#[test]
fn an_allowance_knows_its_line() {
    let config = read("[rules]\nuntracked-field = 'off'\n[[allow]]\nelement = 'Cust*'\nreason = 'r'\nrule = 'untracked-field'\n").unwrap();
    assert!(!config.levels.is_on("untracked-field") && config.levels.is_on("virtual-field-mapped"));
    insta::assert_snapshot!(shown(&config).lines().rev().take(2).collect::<Vec<_>>().join("\n"), @r#"
    allow = { rule = "untracked-field", element = "Cust*", reason = "r" }  # proj/dualtrack.toml:6
    rules.untracked-field = "off"  # proj/dualtrack.toml:2
    "#);
}

#[test]
fn broken_toml_is_shown() {
    insta::assert_snapshot!(errors("metadata = \"C:\\AosService\"\nmaps = [\n"), @r#"
    not valid TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`
      --> proj/dualtrack.toml:1:16
       |
     1 | metadata = "C:\AosService"
       |                ^
       = help: a path with backslashes needs single quotes, as in 'C:\Metadata'; or write / instead

    not valid TOML: unclosed array, expected `]`
      --> proj/dualtrack.toml:2:9
       |
     2 | maps = [
       |         ^
    "#);
    insta::assert_snapshot!(errors("alias = 'a'"), @r"
    `alias` must be a table of texts, not a text
      --> proj/dualtrack.toml:1:9
       |
     1 | alias = 'a'
       |         ^^^
       = help: for example: [alias]
         'Customers V3' = 'CustCustomerV3Entity'
    ");
    insta::assert_snapshot!(errors("[policy]\nmaps = 'a'"), @r"
    `maps` does not belong under `[policy]`
      --> proj/dualtrack.toml:2:1
       |
     2 | maps = 'a'
       | ^^^^
       = help: write `maps` above the first line in [brackets]
    ");
    insta::assert_snapshot!(errors("maps = 'a'\nmaps = 'b'\n"), @r"
    not valid TOML: duplicate key
      --> proj/dualtrack.toml:2:1
       |
     2 | maps = 'b'
       | ^^^^
    ");
}

#[test]
fn a_tab_in_a_path_is_a_backslash_gone_wrong() {
    insta::assert_snapshot!(errors("metadata = [\n  \"C:\\temp\"]\n"), @r#"
    the path of `metadata` holds a control character
      --> proj/dualtrack.toml:2:3
       |
     2 |   "C:\temp"]
       |   ^^^^^^^^^
       = help: a path with backslashes needs single quotes, as in 'C:\Metadata'; or write / instead
    "#);
}

#[test]
fn the_nearest_file_upward_counts() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::write(folder.path().join(FILE_NAME), "\u{feff}maps = 'm'\n").unwrap();
    let config = Config::load(None, &below).unwrap();
    assert_eq!(config.path.as_deref(), Some(folder.path().join(FILE_NAME).as_path()));
    assert_eq!(config.maps, [folder.path().join("m")]);

    std::fs::write(below.join(FILE_NAME), "maps = 'n'\n").unwrap();
    assert_eq!(Config::load(None, &below).unwrap().maps, [below.join("n")]);
    let explicit = Config::load(Some(Path::new("../../dualtrack.toml")), &below).unwrap();
    assert_eq!(explicit.maps, [below.join("../../m")]);
}

#[test]
fn an_explicit_file_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let error = Config::load(Some(Path::new("no.toml")), folder.path()).unwrap_err();
    let text = error.to_string().replace(&folder.path().display().to_string(), "DIR").replace('\\', "/");
    insta::assert_snapshot!(text, @r"
    this configuration file does not exist
      --> DIR/no.toml
       = help: create it, or leave the option out
    ");
}

#[test]
fn a_file_in_utf_16_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = "\u{feff}out = 'x'".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join(FILE_NAME), bytes).unwrap();
    assert!(Config::load(None, folder.path()).unwrap().out.is_some());
}

proptest! {
    #[test]
    fn any_text_is_safe(text in "([a-z\"'=\\[\\]{}.,#\\\\\t\n é-]|metadata = |\\[policy\\]|\\[alias\\]){0,30}") {
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.0.is_empty());
            let _ = errors.to_string();
        }
    }
}
