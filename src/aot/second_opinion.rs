//! Second opinion
