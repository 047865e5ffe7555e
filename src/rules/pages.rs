//! Public pages that rules name.

macro_rules! page {
    ($path:literal) => {
        concat!("https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/", $path)
    };
}

pub(super) const LIVE_SYNC: &str = page!("data-entities/dual-write/dual-write-troubleshooting-live-sync");
pub(super) const HEALTH_CHECK: &str = page!("data-entities/dual-write/table-map-health-check");
pub(super) const CUSTOM_MAPS: &str = page!("data-entities/dual-write/customizing-mappings");
pub(super) const UPGRADES: &str =
    page!("data-entities/dual-write/dual-write-troubleshooting-finops-upgrades");
pub(super) const COMPUTED: &str = page!("data-entities/data-entity-computed-columns-virtual-fields");
pub(super) const ENTITIES: &str = page!("data-entities/data-entities");
pub(super) const SUBTYPES: &str = page!("data-entities/support-super-type-sub-type");
pub(super) const WRAPPING: &str = page!("extensibility/method-wrapping-coc");
pub(super) const EXTENSIBILITY: &str = page!("extensibility/extensibility-home-page");
