//! Running commands, and what they cost.

use crate::floors::timed;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs a command; what it prints is thrown away. Findings make `check` end with 1, which is no failure here.
pub(crate) fn run(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let code = status.expect("the command starts").code();
    assert!(matches!(code, Some(0 | 1)), "{command:?} ended with {code:?}");
}

/// Whether there is a Python to compare with.
pub(crate) fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// The script that anybody would write.
pub(crate) fn script(script: &Path, root: &Path, table: &str) -> Duration {
    timed(|| run(Command::new("python3").arg(script).arg(root).arg(table)))
}

/// The highest memory that a command had, in bytes; `None` where there is no `/proc`.
pub(crate) fn peak_memory(command: &mut Command) -> Option<u64> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the command starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().expect("the command can be waited for").is_none() {
        peak = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)).or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
