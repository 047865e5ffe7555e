//! The arguments of all commands. Options that every command has stand in [`Common`].

use super::values::{DiffFailOn, FailOn, FormatArg, GraphDirection, KeyValue, ListSubject};
use crate::schema::Subject;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Which table changes reach Dataverse, which never will, and why.
#[derive(Debug, Parser)]
#[command(name = "dualtrack", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Examples:
  dualtrack analyze C:\\AOSService\\PackagesLocalDirectory --maps maps
  dualtrack explain CustCustomerV3Entity.AddressCity -m metadata
  dualtrack impact LogisticsPostalAddress -m metadata
Exit codes: 0 done, 1 findings of a check, 2 wrong usage or nothing readable.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Args, Clone, Debug, Default)]
pub struct Common {
    /// Metadata root: a `PackagesLocalDirectory`, a package or a model; the first root's models are yours.
    #[arg(short, long, value_name = "ROOT", global = true)]
    pub metadata: Vec<PathBuf>,
    /// Dual-write table map (JSON), exported solution (zip), or a folder of them.
    #[arg(long, value_name = "PATH", global = true)]
    pub maps: Vec<PathBuf>,
    /// Language of the labels by which maps name entities, for example de; en-US goes second.
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub language: Option<String>,
    /// Decides an open question, for example nested-entity=primary; see `dualtrack list policies`.
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    pub policy: Vec<KeyValue>,
    /// Configuration file; default: dualtrack.toml in this folder or one above.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Read every file, and keep nothing for the next run.
    #[arg(long, global = true, conflicts_with = "cache_dir")]
    pub no_cache: bool,
    /// Keep what was read of each file in this folder, for the next run.
    #[arg(long, value_name = "DIR", global = true)]
    pub cache_dir: Option<PathBuf>,
    /// Number of threads that load files and judge them; the output is the same with any number.
    #[arg(long, value_name = "N", global = true, default_value_t = 0, hide_default_value = true)]
    pub threads: usize,
    /// Output format, to standard output or to a file.
    #[arg(long, value_name = "FMT[=FILE]", global = true)]
    pub format: Vec<FormatArg>,
    /// The same as `--format json`.
    #[arg(long, global = true)]
    pub json: bool,
    /// Show every setting with its value and where it came from, and do nothing else.
    #[arg(long, global = true)]
    pub show_config: bool,
    /// Show everything, not only your own models and the first lines.
    #[arg(long, global = true)]
    pub all: bool,
    /// Print only what was asked for.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// List the problems that were met.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge every entity, print a summary, write tracking.json, definitions.csv and the graph.
    #[command(after_help = "Examples:
  dualtrack analyze metadata --maps metadata/maps
  dualtrack analyze MyPackage K:\\AosService\\PackagesLocalDirectory --out build/tracking
  dualtrack analyze --policy nested-entity=primary --json
  dualtrack analyze --watch")]
    Analyze(AnalyzeArgs),
    /// Say which entities a change of a table (or column) triggers, and which it should but does not.
    #[command(after_help = "Examples:
  dualtrack impact LogisticsPostalAddress -m metadata
  dualtrack impact CustTable.CustGroup VendTable.VendGroup -m metadata --all")]
    Impact(ImpactArgs),
    /// Explain an entity or one of its fields: sources, lineage, verdicts, evidence.
    #[command(after_help = "Examples:
  dualtrack explain smmContactPersonCDSV2Entity.PrimaryAddressCity -m metadata
  dualtrack explain CustCustomerV3Entity -m metadata --maps metadata/maps")]
    Explain(ExplainArgs),
    /// Suggest the mapping entries that are missing or can go, with the code; make the changes.
    #[command(after_help = "Examples:
  dualtrack suggest metadata --maps metadata/maps
  dualtrack suggest --entity smmContactPersonCDSV2Entity --field-name PrimaryPostalAddressRecId
  dualtrack suggest --entity CustCustomerV3Entity --without-field PrimaryContactFax
  dualtrack suggest --diff")]
    Suggest(SuggestArgs),
    /// Say what a change does to tracking, and which edit does it.
    #[command(after_help = "Examples:
  dualtrack diff before/Metadata after/Metadata -m standard.dtsnap
  dualtrack diff --git origin/main -m src/Metadata -m standard.dtsnap
  dualtrack diff --git HEAD~1 HEAD --fail-on lost,cost
BASE and HEAD are states of the first metadata root; the other roots are common to both.")]
    Diff(DiffArgs),
    /// Draw what uses what.
    #[command(after_help = "Examples:
  dualtrack graph metadata --entity CustCustomerV3Entity --format svg=customers.svg
  dualtrack graph metadata --table DirPartyTable --direction up --untracked
  dualtrack graph metadata --entity CustCustomerV3Entity --format mermaid")]
    Graph(GraphArgs),
    /// Check for what breaks or slows synchronization; fails where there is too much.
    #[command(after_help = "Examples:
  dualtrack check MyPackage K:\\AosService\\PackagesLocalDirectory --maps maps
  dualtrack check --baseline dualtrack-baseline.json --update-baseline --accept-new
  dualtrack check --fail-on warning -A sql-only-dependency --format json=findings.json
  dualtrack check --watch
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage or nothing readable.")]
    Check(CheckArgs),
    /// Rank tables and entities by the rows that a change raises, with what can go.
    #[command(after_help = "Examples:
  dualtrack cost metadata --maps metadata/maps
  dualtrack cost metadata --volumes volumes.csv --format csv=cost.csv
  dualtrack cost -m metadata --table LogisticsPostalAddress --entity CustCustomerV3Entity
A line of the volumes is a table and its changes a day: CustTable,1250")]
    Cost(CostArgs),
    /// Write a configuration and a baseline with which `check` passes today.
    #[command(after_help = "Examples:
  dualtrack init src/Metadata --maps maps
  dualtrack init src/Metadata standard.dtsnap")]
    Init(InitArgs),
    /// Print the JSON Schema of a format.
    #[command(after_help = "Examples:
  dualtrack schema configuration > dualtrack.schema.json
  dualtrack schema findings")]
    Schema {
        /// What the schema is for.
        #[arg(value_enum)]
        subject: Subject,
    },
    /// Answer Microsoft's table map health check from files, and what else goes wrong with maps.
    #[command(after_help = "Examples:
  dualtrack health metadata --maps metadata/maps
  dualtrack health -m metadata --maps metadata/maps --entity CustCustomerV3Entity
  dualtrack health -m metadata --maps metadata/maps --map accounts --format csv=health.csv
Numbers: 500 to 2000 as in the documentation; docs/health.md has them all.")]
    Health(HealthArgs),
    /// List the X++ that changes what entities send and raises no event.
    #[command(after_help = "Examples:
  dualtrack writes metadata --maps metadata/maps
  dualtrack writes --table CustTable --format csv=writes.csv
  dualtrack writes -m metadata --entity CustCustomerV3Entity --all
A comment on the line, or above its method, accepts a write: // dualtrack: allow(bypassing-write) reason")]
    Writes(WritesArgs),
    /// Put what the analysis needs of metadata roots into one file, which then stands for them.
    #[command(after_help = "Examples:
  dualtrack snapshot K:\\AosService\\PackagesLocalDirectory -o standard.dtsnap
  dualtrack analyze src/Metadata standard.dtsnap")]
    Snapshot(SnapshotArgs),
    /// Show what each table map comes to: entity, fields that never trigger, one-way fields, filters, keys.
    #[command(after_help = "Examples:
  dualtrack maps metadata --maps metadata/maps
  dualtrack maps metadata --maps solution.zip --map \"[Customers V3] - [accounts]\"
  dualtrack maps --entity CustCustomerV3Entity --format csv=rows.csv")]
    Maps(MapsArgs),
    /// Compare the rows of `BusinessEventsDefinition` in an environment with the predicted ones.
    #[command(after_help = "Examples:
  dualtrack reconcile dump.xlsx metadata --maps metadata/maps
  dualtrack reconcile dump.csv -m metadata --format csv=differences.csv
  dualtrack reconcile dump.json -m metadata --fail-on-difference
The dump needs the columns RefEntityName, RefTableName and DataSourceName.
Exit codes: 0 compared, whatever differs; with --fail-on-difference 1 if a row differs.")]
    Reconcile(ReconcileArgs),
    /// Explain a rule of check: what it finds, why it matters, what to do.
    #[command(after_help = "Examples:
  dualtrack rule untracked-field
  dualtrack rule missing-mapping-entry --format markdown")]
    Rule(RuleArgs),
    /// List what the tool knows: rules, policies, reasons.
    #[command(after_help = "Examples:
  dualtrack list rules
  dualtrack list policies
  dualtrack list reasons --json")]
    List(ListArgs),
    /// Print a completion script for a shell.
    #[command(after_help = "Examples:
  dualtrack completions bash > ~/.local/share/bash-completion/completions/dualtrack
  dualtrack completions powershell >> $PROFILE")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Arguments of `analyze`.
#[derive(Args, Debug)]
pub struct AnalyzeArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Folder for the results; default: out beside the configuration file, else below this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Run again whenever something that was read changes, and print what changed; Ctrl-C ends it.
    #[arg(long, conflicts_with_all = ["json", "show_config"])]
    pub watch: bool,
}

/// Arguments of `check`.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// The least severe finding that fails the check.
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "error")]
    pub fail_on: FailOn,
    /// Findings that are known, and not shown.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Remove from the baseline what is no longer found; never in CI.
    #[arg(long)]
    pub update_baseline: bool,
    /// Take what is shown into the baseline.
    #[arg(long, requires = "update_baseline")]
    pub accept_new: bool,
    /// Only this rule is asked.
    #[arg(long, value_name = "RULE", conflicts_with = "update_baseline")]
    pub only: Vec<String>,
    /// Findings of this rule are errors.
    #[arg(short = 'D', long, value_name = "RULE")]
    pub deny: Vec<String>,
    /// Findings of this rule are warnings.
    #[arg(short = 'W', long, value_name = "RULE")]
    pub warn: Vec<String>,
    /// This rule is not asked.
    #[arg(short = 'A', long, value_name = "RULE")]
    pub allow: Vec<String>,
    /// Only what a change since this state touches, transitively: a folder, or with `--git` a revision.
    #[arg(long, value_name = "BASE", conflicts_with = "update_baseline")]
    pub affected_only: Option<String>,
    /// BASE is a revision of the repository that holds the first metadata root.
    #[arg(long, requires = "affected_only")]
    pub git: bool,
    /// Fail where metadata is missing that verdicts wait for.
    #[arg(long)]
    pub require_complete: bool,
    /// Run again whenever something that was read changes, and print what changed; Ctrl-C ends it.
    #[arg(
        long,
        conflicts_with_all = ["update_baseline", "affected_only", "require_complete", "json", "show_config"]
    )]
    pub watch: bool,
}

/// Arguments of `impact`.
#[derive(Args, Debug)]
pub struct ImpactArgs {
    /// Tables or columns.
    #[arg(value_name = "TABLE[.FIELD]", required = true)]
    pub subjects: Vec<String>,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Entities or fields of entities.
    #[arg(value_name = "ENTITY[.FIELD]", required = true)]
    pub subjects: Vec<String>,
}

/// Arguments of `suggest`.
#[derive(Args, Debug)]
pub struct SuggestArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Only this entity.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
    /// Name of the new `RecId` fields, where one group needs some.
    #[arg(long, value_name = "NAME")]
    pub field_name: Option<String>,
    /// As if no map had this field.
    #[arg(long, value_name = "[ENTITY.]FIELD")]
    pub without_field: Vec<String>,
    /// As if a map had this field.
    #[arg(long, value_name = "[ENTITY.]FIELD")]
    pub with_field: Vec<String>,
    /// Show the changes of your files as a unified diff.
    #[arg(long)]
    pub diff: bool,
    /// Change your files.
    #[arg(long)]
    pub apply: bool,
}

/// Arguments of `diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// The state before: a folder, or with `--git` a revision.
    pub base: String,
    /// The state after; default: the first metadata root as it is.
    pub head: Option<String>,
    /// BASE and HEAD are revisions of the repository that holds the first metadata root.
    #[arg(long)]
    pub git: bool,
    /// Table maps of the state before, where they lie neither below the root nor in the repository.
    #[arg(long, value_name = "PATH")]
    pub base_maps: Vec<PathBuf>,
    /// What exit code 1 stands for; several, separated by commas.
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', default_value = "lost")]
    pub fail_on: Vec<DiffFailOn>,
}

/// Arguments of `graph`.
#[derive(Args, Debug)]
pub struct GraphArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Start at this entity or view.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
    /// Start at this table.
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,
    /// How many steps to go from where the picture starts.
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,
    /// Up to what uses it, down to what it uses, or both.
    #[arg(long, value_enum, value_name = "WAY")]
    pub direction: Option<GraphDirection>,
    /// Only what is not tracked, and what it hangs on.
    #[arg(long)]
    pub untracked: bool,
}

/// Arguments of `health`.
#[derive(Args, Debug)]
pub struct HealthArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Everything about this map: its name, its file, or the name of an entity or Dataverse table as it has it.
    #[arg(long, value_name = "NAME")]
    pub map: Vec<String>,
    /// Everything about this entity.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
}

/// Arguments of `cost`.
#[derive(Args, Debug)]
pub struct CostArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// How often tables change, as CSV: table, changes a day.
    #[arg(long, value_name = "FILE")]
    pub volumes: Option<PathBuf>,
    /// Only rows that a change of this table raises.
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,
    /// Only rows of this entity.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
}

/// Arguments of `init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
}

/// Arguments of `writes`.
#[derive(Args, Debug)]
pub struct WritesArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Only writes of this table.
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,
    /// Only writes whose change this entity loses.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
}

/// Arguments of `snapshot`.
#[derive(Args, Debug)]
pub struct SnapshotArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Arguments of `rule`.
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// Names of rules.
    #[arg(value_name = "NAME", required_unless_present = "pages")]
    pub names: Vec<String>,
    /// Write a page for each rule, and an index, into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "names")]
    pub pages: Option<PathBuf>,
}

/// Arguments of `maps`.
#[derive(Args, Debug)]
pub struct MapsArgs {
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Only this map: its name, its file, or the name of an entity or Dataverse table as it has it.
    #[arg(long, value_name = "NAME")]
    pub map: Vec<String>,
    /// Only maps of this entity.
    #[arg(long, value_name = "NAME")]
    pub entity: Vec<String>,
}

/// Arguments of `reconcile`.
#[derive(Args, Debug)]
pub struct ReconcileArgs {
    /// Rows of the table `BusinessEventsDefinition`: CSV, JSON or XLSX, with headings.
    #[arg(value_name = "DUMP")]
    pub dump: PathBuf,
    /// Metadata roots, like `--metadata`.
    #[arg(value_name = "ROOT")]
    pub roots: Vec<PathBuf>,
    /// Only rows of this channel; `*` at the end stands for any end.
    #[arg(long, value_name = "NAME")]
    pub channel: Vec<String>,
    /// End with exit code 1 when a row differs.
    #[arg(long)]
    pub fail_on_difference: bool,
}

/// Arguments of `list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// What to list.
    #[arg(value_enum)]
    pub what: ListSubject,
}
