//! `dualtrack suggest --format xpp`: the code and nothing else.

use super::{Suggestions, texts};
use std::io::{self, Write};

/// Writes each method, with its file in a comment above it.
pub fn write(suggestions: &Suggestions, out: &mut dyn Write) -> io::Result<()> {
    for (position, code) in suggestions.plans.iter().flat_map(|p| &p.code).enumerate() {
        if position > 0 {
            writeln!(out)?;
        }
        writeln!(out, "// {}", crate::words::shown(&code.file))?;
        for caution in texts::cautions(code) {
            writeln!(out, "// Warning: {caution}")?;
        }
        write!(out, "{}", texts::xpp(code))?;
    }
    Ok(())
}
