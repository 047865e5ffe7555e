//! Which data sources are watched: the choices behind a verdict and the reasons that it gives.

mod evidence;
mod policy;
mod reason;

pub use evidence::Evidence;
pub use policy::{
    EntityReadOnly, Inheritance, InnerReadOnly, InternalFields, LookupOnly, NestedEntity, NestedView,
    POLICIES, Policy, PolicyError, PolicyInfo, PolicyValue, UnderUntracked,
};
pub use reason::{REASONS, Reason, ReasonInfo};
