//! What several rules look at: the legs of an entity, its keys, what its fields allow, which records its query
//! leaves out, and which entities refer to which.

mod exclusions;
mod fields;

mod keys;
mod legs;
mod ranges;
mod references;

pub(crate) use exclusions::{Exclusion, Left};
pub(crate) use fields::{Answer, Question};

pub(crate) use keys::{KeyOrigin, KeyPart, is_company_column, is_company_field};
pub(crate) use legs::EntityLeg;
pub(crate) use ranges::RangeOf;
pub(crate) use references::{Reference, References};

/// The page of the numbered checks.
pub(super) const HEALTH_CHECK: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/table-map-health-check";
/// The page of integration keys.
pub(super) const INTEGRATION_KEYS: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-integration-keys";
/// The page of error codes.
pub(super) const ERROR_CODES: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-error-codes";
/// The page of customization guidance.
pub(super) const GUIDANCE: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/custom-best-practices";
/// The page of initial synchronization.
pub(super) const INITIAL_SYNC: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-initial-sync";
/// The page of companies in data entities.
pub(super) const CROSS_COMPANY: &str =
    "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/cross-company-behavior";
