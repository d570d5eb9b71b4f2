//! What a support request is. Imports nothing of ours.

pub mod allow_list;
pub mod bundle;
pub mod context;
pub mod grants;
pub mod ids;
pub mod record;
pub mod request;
pub mod text;
