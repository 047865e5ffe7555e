//! Noticing that inputs changed, and telling what that did to the verdicts.
//!
//! Inputs are looked at again and again: a walk that opens no file ([`Inputs::look`]) costs little, and works on network
//! drives, in containers and with every editor alike, where notices of the operating system get lost or never come.
//! The pause between two looks grows with their cost, so that waiting never takes more than a few percent of a core.
//!
//! A change counts when files have come to rest ([`Watcher`]): editors truncate before they write, and a checkout
//! takes files away before it brings others. What is still half-written then is found by [`lost`] and
//! [`Observed::emptied_since`]; nothing is compared with such a state.

mod inputs;
mod lost;
mod news;
mod observed;
mod watcher;

pub use inputs::Inputs;
pub use lost::{Lost, lost};
pub use news::{ChangedVerdict, changed_verdicts};
pub use observed::{Change, ChangeKind, Observed};
pub use watcher::{Watcher, World};
