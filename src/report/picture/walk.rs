//! Which elements a picture reaches, nearest first.

use super::links::{Link, Links, Spot, Step};
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
    /// Which way that was.
    way: Way,
}

/// The elements that a request reaches, in the order in which they are drawn.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) order: Vec<Reached>,
    index: BTreeMap<Spot, usize>,
    /// The shortest distance at which an element was passed in a direction.
    passed: BTreeMap<(Spot, Way), usize>,
    /// What a picture of what is untracked shows besides: the data sources behind missing entries, and the
    /// way from a start.
    besides: BTreeSet<Step>,
    /// Elements whose way from a start is kept.
    traced: BTreeSet<usize>,
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
            self.order.push(Reached { spot, distance, before, way });
            self.order.len() - 1
        });
        let reached = &mut self.order[position];
        if distance < reached.distance {
            (reached.distance, reached.before, reached.way) = (distance, before, way);
        }
        queue.push_back(Waiting { position, way, distance });
    }

    /// Keeps what an untracked connection leads to, and the way from a start to it.
    fn keep_untracked(&mut self, links: &Links) {
        let mut kept = BTreeSet::new();
        for user in 0..self.order.len() {
            for step in links.down(&self.order[user].spot) {
                let Some(target) = self.position(&step.target).filter(|_| links.is_untracked(&step)) else {
                    continue;
                };
                kept.extend([user, target]);
                for hop in links.hops(&step) {
                    kept.extend(self.position(&hop.target));
                    self.besides.insert(hop);
                }
                let nearer = if self.order[user].way == Way::Down { user } else { target };
                self.keep_way(links, nearer, &mut kept);
            }
        }
        self.retain(&kept);
    }

    /// Keeps the way from a start to an element, as far as it was not kept before.
    fn keep_way(&mut self, links: &Links, from: usize, kept: &mut BTreeSet<usize>) {
        let mut at = from;
        while let Some(before) = self.order[at].before.filter(|_| self.traced.insert(at)) {
            let ends = [before, at].map(|p| self.order[p].spot.clone());
            let (user, target) = if self.order[at].way == Way::Down { (0, 1) } else { (1, 0) };
            let steps = links.down(&ends[user]).into_iter().filter(|s| s.target == ends[target]);
            let (sources, others): (Vec<_>, Vec<_>) = steps.partition(|s| matches!(s.link, Link::Source(_)));
            self.besides.extend(if sources.is_empty() { others } else { sources });
            kept.insert(before);
            at = before;
        }
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

    /// Whether a picture of what is untracked shows a connection.
    pub(super) fn shows(&self, links: &Links, step: &Step) -> bool {
        links.is_untracked(step) || self.besides.contains(step)
    }
}
