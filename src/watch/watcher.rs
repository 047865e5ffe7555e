//! When to look, and when what is seen has come to rest.

use super::observed::{Change, ChangeKind, Observed};
use std::collections::VecDeque;
use std::time::Duration;

/// Inputs have come to rest when they look the same for so long. Editors write a file within milliseconds.
const REST: Duration = Duration::from_millis(300);
/// The same where a file is gone: it may be on its way back.
const REST_WITHOUT: Duration = Duration::from_secs(1);
/// Inputs that change all the time are taken as they are after so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks while inputs change.
const STEP: Duration = Duration::from_millis(100);
/// Between two looks while nothing happens, at least and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// While nothing happens, of so much time one part is spent on looking.
const SHARE: u32 = 25;
/// A look costs what the quickest of so many took: others waited for programs that have more to do.
const TIMED: usize = 8;

/// What a [`Watcher`] needs of the world.
pub trait World {
    /// What the inputs look like now.
    fn look(&mut self) -> Observed;
    /// Time since some moment.
    fn now(&self) -> Duration;
    /// Lets time pass.
    fn sleep(&mut self, time: Duration);
}

/// Waits for changes.
#[derive(Debug)]
pub struct Watcher {
    /// What was returned last.
    seen: Observed,
    /// How long the last looks took, the latest last.
    took: VecDeque<Duration>,
}

impl Watcher {
    /// Changes count from now on.
    pub fn new(world: &mut dyn World) -> Self {
        let mut watcher = Self { seen: Observed::default(), took: VecDeque::new() };
        watcher.seen = watcher.look(world);
        watcher
    }

    /// The inputs as they were when [`Self::next`] returned.
    pub fn seen(&self) -> &Observed {
        &self.seen
    }

    /// Waits until inputs differ from those of the last time and have come to rest; returns what differs. Where that
    /// does not happen within `limit`, nothing.
    pub fn next(&mut self, world: &mut dyn World, limit: Option<Duration>) -> Vec<Change> {
        let start = world.now();
        loop {
            world.sleep((self.cost() * SHARE).clamp(PAUSE.0, PAUSE.1));
            let mut now = self.look(world);
            if now != self.seen {
                now = self.at_rest(world, now);
            }
            let changes = now.changes_since(&self.seen);
            // What came and went leaves nothing to do.
            if !changes.is_empty() || limit.is_some_and(|limit| passed(world, start) >= limit) {
                self.seen = now;
                return changes;
            }
        }
    }

    fn look(&mut self, world: &mut dyn World) -> Observed {
        let start = world.now();
        let seen = world.look();
        self.took.push_back(passed(world, start));
        if self.took.len() > TIMED {
            self.took.pop_front();
        }
        seen
    }

    /// What a look costs.
    fn cost(&self) -> Duration {
        self.took.iter().min().copied().unwrap_or_default()
    }

    fn at_rest(&mut self, world: &mut dyn World, mut now: Observed) -> Observed {
        let start = world.now();
        let mut since = start;
        loop {
            let rest = if self.misses_some(&now) { REST_WITHOUT } else { REST };
            if passed(world, since) >= rest || passed(world, start) >= PATIENCE {
                return now;
            }
            world.sleep(STEP.max(self.cost()));
            let next = self.look(world);
            if next != now {
                (now, since) = (next, world.now());
            }
        }
    }

    fn misses_some(&self, now: &Observed) -> bool {
        now.changes_since(&self.seen).iter().any(|change| change.kind == ChangeKind::Gone)
    }
}

/// Time since a moment.
fn passed(world: &dyn World, since: Duration) -> Duration {
    world.now().saturating_sub(since)
}

#[cfg(test)]
mod tests {
    use super::super::observed::tests::observed;
    use super::*;

    /// States from a moment on, in milliseconds.
    struct Script {
        states: Vec<(u64, Observed)>,
        now: Duration,
        cost: Duration,
        looks: u32,
    }

    impl Script {
        fn new(states: &[(u64, &[(&str, u64)])]) -> Self {
            let states = states.iter().map(|(from, files)| (*from, observed(files))).collect();
            Self { states, now: Duration::ZERO, cost: Duration::from_millis(1), looks: 0 }
        }

        /// What is returned, with the time in milliseconds.
        fn next(&mut self, watcher: &mut Watcher) -> (Vec<String>, u128) {
            let changes = watcher.next(self, None);
            let told = changes.iter().map(|change| format!("{:?} {}", change.kind, change.path.display()));
            (told.collect(), self.now.as_millis())
        }
    }

    impl World for Script {
        fn look(&mut self) -> Observed {
            self.looks += 1;
            assert!(self.looks < 10_000, "the script is over, and nothing was returned");
            self.now += self.cost;
            let now = self.now.as_millis();
            let state = self.states.iter().rfind(|(from, _)| u128::from(*from) <= now);
            state.map(|(_, state)| state.clone()).unwrap_or_default()
        }

        fn now(&self) -> Duration {
            self.now
        }

        fn sleep(&mut self, time: Duration) {
            self.now += time;
        }
    }

    #[test]
    fn an_edit_is_seen_soon_and_once() {
        let mut world =
            Script::new(&[(0, &[("a", 1)]), (5_000, &[("a", 2)]), (9_000, &[("a", 2), ("b", 1)])]);
        let mut watcher = Watcher::new(&mut world);
        let (told, at) = world.next(&mut watcher);
        assert_eq!(told, ["Changed a"]);
        assert!((5_300..5_900).contains(&at), "{at}");
        assert_eq!(*watcher.seen(), observed(&[("a", 2)]));
        assert_eq!(world.next(&mut watcher).0, ["New b"]);
    }

    #[test]
    fn what_is_written_in_steps_is_seen_when_it_is_whole() {
        let mut world = Script::new(&[
            (0, &[("a", 9)]),
            (5_000, &[("a", 0)]),
            (5_200, &[("a", 4)]),
            (5_450, &[("a", 8)]),
            (5_600, &[("a", 10)]),
        ]);
        let mut watcher = Watcher::new(&mut world);
        let (told, at) = world.next(&mut watcher);
        assert_eq!(told, ["Changed a"]);
        assert!(at >= 5_900, "{at}");
        assert_eq!(*watcher.seen(), observed(&[("a", 10)]));
    }

    #[test]
    fn what_goes_and_comes_back_is_no_change() {
        let all: &[(&str, u64)] = &[("a", 1), ("b", 1)];
        let mut world =
            Script::new(&[(0, all), (5_000, &[]), (5_700, all), (9_000, &[("b", 1)]), (12_000, &[("b", 2)])]);
        let mut watcher = Watcher::new(&mut world);
        let (told, at) = world.next(&mut watcher);
        assert_eq!(told, ["Gone a"]);
        assert!((10_000..11_000).contains(&at), "{at}");
        assert_eq!(world.next(&mut watcher).0, ["Changed b"]);
    }

    #[test]
    fn what_never_rests_is_taken_in_the_end() {
        let sizes: Vec<(u64, Vec<(&str, u64)>)> =
            (0..400).map(|n| (5_000 + n * 200, vec![("a", n)])).collect();
        let states: Vec<(u64, &[(&str, u64)])> =
            sizes.iter().map(|(at, files)| (*at, files.as_slice())).collect();
        let mut world = Script::new(&states);
        let mut watcher = Watcher::new(&mut world);
        let (_, at) = world.next(&mut watcher);
        assert!((35_000..36_000).contains(&at), "{at}");
    }

    /// Each third look waits for another program.
    #[test]
    fn a_busy_machine_is_looked_at_no_less() {
        struct Busy(Script);
        impl World for Busy {
            fn look(&mut self) -> Observed {
                self.0.cost = Duration::from_millis(if self.0.looks.is_multiple_of(3) { 900 } else { 20 });
                self.0.look()
            }
            fn now(&self) -> Duration {
                self.0.now()
            }
            fn sleep(&mut self, time: Duration) {
                self.0.sleep(time);
            }
        }
        let mut world = Busy(Script::new(&[(0, &[("a", 1)]), (60_000, &[("a", 2)])]));
        Watcher::new(&mut world).next(&mut world, None);
        assert!(world.0.looks > 60, "{}", world.0.looks);
    }

    #[test]
    fn waiting_may_be_limited() {
        let mut world = Script::new(&[(0, &[("a", 1)]), (5_000, &[("a", 2)])]);
        let mut watcher = Watcher::new(&mut world);
        assert_eq!(watcher.next(&mut world, Some(Duration::from_secs(2))), []);
        assert!((2_000..2_500).contains(&world.now.as_millis()), "{:?}", world.now);
        assert_eq!(watcher.next(&mut world, Some(Duration::from_secs(9))).len(), 1);
    }

    #[test]
    fn waiting_costs_a_few_percent_of_a_core_however_large_the_metadata() {
        for cost in [1, 10, 60, 200] {
            let mut world = Script::new(&[(0, &[("a", 1)]), (600_000, &[("a", 2)])]);
            world.cost = Duration::from_millis(cost);
            let mut watcher = Watcher::new(&mut world);
            watcher.next(&mut world, None);
            let busy = world.cost * world.looks;
            assert!(busy * 24 <= world.now, "{cost} ms: {busy:?} of {:?}", world.now);
        }
    }
}
