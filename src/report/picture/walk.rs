//! Which elements a picture reaches, nearest first.

use super::links::{Links, Spot, Step};
use super::{Growth, Request, Start, Way};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An element that was reached.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) spot: Spot,
    /// Steps from the nearest start.
    pub(super) distance: usize,
    /// The element before it on the way from a start, by position.
    pub(super) before: Option<usize>,
}

/// The elements that a request reaches, in the order in which they are drawn.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) order: Vec<Reached>,
    index: BTreeMap<Spot, usize>,
    /// The shortest distance at which an element was passed in a direction.
    passed: BTreeMap<(Spot, Way), usize>,
}

/// An element that waits for its connections to be followed.
struct Waiting {
    position: usize,
    way: Way,
    distance: usize,
}

impl Walk {
    /// Walks from the starts as far as the request says.
    pub(super) fn new(links: &Links, request: &Request) -> Self {
        let depth = request.depth.unwrap_or(usize::MAX);
        let mut walk = Self::default();
        match request.growth {
            Growth::Together => walk.from(links, &request.starts, depth),
            Growth::OneByOne => {
                for start in &request.starts {
                    walk.from(links, std::slice::from_ref(start), depth);
                }
            }
        }
        if request.untracked {
            walk.keep_untracked(links);
        }
        walk
    }

    /// Position of an element that was reached.
    pub(super) fn position(&self, spot: &Spot) -> Option<usize> {
        self.index.get(spot).copied()
    }

    fn from(&mut self, links: &Links, starts: &[Start], depth: usize) {
        let mut queue = VecDeque::new();
        for start in starts {
            let ways: &[Way] = match start.way {
                Way::Both => &[Way::Down, Way::Up],
                Way::Down => &[Way::Down],
                Way::Up => &[Way::Up],
            };
            for way in ways {
                self.reach(&mut queue, Spot::Element(start.id), *way, 0, None);
            }
        }
        while let Some(Waiting { position, way, distance }) = queue.pop_front() {
            if distance == depth {
                continue;
            }
            let spot = self.order[position].spot.clone();
            let next: Vec<Spot> = match way {
                Way::Up => links.up(&spot).into_iter().map(|s| Spot::Element(s.user)).collect(),
                _ => links.down(&spot).into_iter().map(|s| s.target).collect(),
            };
            for spot in next {
                self.reach(&mut queue, spot, way, distance + 1, Some(position));
            }
        }
    }

    /// Notes an element, and lets it wait unless it was passed in this direction on a way as short.
    fn reach(
        &mut self,
        queue: &mut VecDeque<Waiting>,
        spot: Spot,
        way: Way,
        distance: usize,
        before: Option<usize>,
    ) {
        let known = self.passed.entry((spot.clone(), way)).or_insert(usize::MAX);
        if distance >= *known {
            return;
        }
        *known = distance;
        let position = *self.index.entry(spot.clone()).or_insert_with(|| {
            self.order.push(Reached { spot, distance, before });
            self.order.len() - 1
        });
        let reached = &mut self.order[position];
        if distance < reached.distance {
            (reached.distance, reached.before) = (distance, before);
        }
        queue.push_back(Waiting { position, way, distance });
    }

    /// Keeps what an untracked connection leads to, and the way from a start to it.
    fn keep_untracked(&mut self, links: &Links) {
        let mut kept = BTreeSet::new();
        for user in 0..self.order.len() {
            for step in links.down(&self.order[user].spot) {
                let Some(target) = self.position(&step.target) else { continue };
                if !links.is_untracked(&step) {
                    continue;
                }
                let nearer =
                    if self.order[target].distance < self.order[user].distance { target } else { user };
                kept.extend([user, target]);
                kept.extend(std::iter::successors(self.order[nearer].before, |p| self.order[*p].before));
            }
        }
        self.retain(&kept);
    }

    fn retain(&mut self, kept: &BTreeSet<usize>) {
        let moved: BTreeMap<usize, usize> = kept.iter().copied().zip(0..).collect();
        let order = std::mem::take(&mut self.order);
        self.order = order
            .into_iter()
            .enumerate()
            .filter(|(position, _)| kept.contains(position))
            .map(|(_, r)| Reached { before: r.before.and_then(|b| moved.get(&b).copied()), ..r })
            .collect();
        self.index = self.order.iter().zip(0..).map(|(r, position)| (r.spot.clone(), position)).collect();
    }

    /// Whether a picture of what is untracked shows a connection: it is untracked, or the way to one.
    pub(super) fn shows(&self, links: &Links, step: &Step, user: usize, target: usize) -> bool {
        links.is_untracked(step)
            || self.order[target].before == Some(user)
            || self.order[user].before == Some(target)
    }
}
