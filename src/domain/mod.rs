//! What a support request is. Imports nothing of ours.

pub mod grants;
pub mod ids;
