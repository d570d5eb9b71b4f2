//! Up to which time nothing can come any more.

use std::time::Duration;

use time::OffsetDateTime;

use super::options::{first_reference, last_reference_before, milliseconds};
use crate::{
    cli::output::say,
    clock::{Clock, SystemClock, rfc3339_ms},
    domain::ids::Reference,
    store::{Archive, CLOCK_DIFFERENCE, Filter, OVERTAKING_WINDOW},
};

/// The time before which everything is visible that ever will be: milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Horizon(u64);

impl Horizon {
    /// By this machine's clock or the database's, whichever is behind: it is not known which of them the service goes by.
    pub(super) async fn of(archive: &Archive) -> anyhow::Result<Self> {
        let now = milliseconds(SystemClock.now())?;
        let theirs = archive.clock().await?.and_then(|clock| u64::try_from(clock).ok()).unwrap_or(now);
        let difference = Duration::from_millis(now.abs_diff(theirs));
        if difference > CLOCK_DIFFERENCE {
            say(&format!(
                "the clocks of this machine and of the database are {} s apart: mend that, and use --cursor until then",
                difference.as_secs()
            ));
        }
        let window = u64::try_from(OVERTAKING_WINDOW.as_millis()).unwrap_or_default();
        Ok(Self(now.min(theirs).saturating_sub(window)))
    }

    /// Cuts what is wanted there, and says so where more was asked for.
    pub(super) fn cut(self, filter: &mut Filter) {
        let horizon = first_reference(self.0);
        if filter.before.as_ref().is_some_and(|before| *before > horizon) {
            say(&format!(
                "--until is cut to {}: what is newer may still be overtaken by something older (--including-recent \
                 prints it all the same)",
                self.time()
            ));
        }
        let before = filter.before.take();
        filter.before = Some(before.map_or(horizon.clone(), |before| before.min(horizon)));
    }

    /// Whoever has just filed a request and exports it would wonder where it is.
    pub(super) fn say_what_is_left(self) {
        say(&format!(
            "printed is what came before {}; the rest may still be overtaken (--including-recent prints it all the same)",
            self.time()
        ));
    }

    /// Behind which reference the next export goes on, when this one printed everything after `after` and `before` the
    /// end that was asked for.
    pub(super) fn go_on(self, after: Option<&str>, before: Option<&str>) -> String {
        let before = before.and_then(|before| Reference::parse(before).ok());
        let end = before.map_or(self.0, |before| before.timestamp_ms().min(self.0));
        let end = last_reference_before(end);
        // Never back.
        after.map_or(end.clone(), |after| end.max(after.to_owned()))
    }

    fn time(self) -> String {
        let since = Duration::from_millis(self.0);
        rfc3339_ms(OffsetDateTime::UNIX_EPOCH + since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_export_goes_on_where_this_one_was_cut_and_never_further_back() {
        let horizon = Horizon(1_769_850_000_000);
        let mut filter = Filter::default();
        horizon.cut(&mut filter);
        let (last, first) = (last_reference_before(1_769_850_000_000), first_reference(1_769_850_000_000));
        assert_eq!(filter.before.as_deref(), Some(first.as_str()));
        assert_eq!(horizon.go_on(None, filter.before.as_deref()), last);
        assert_eq!(horizon.go_on(Some(&first_reference(1)), filter.before.as_deref()), last);
        let earlier = first_reference(1_769_000_000_000);
        let mut filter = Filter { before: Some(earlier.clone()), ..Filter::default() };
        horizon.cut(&mut filter);
        assert_eq!(filter.before.as_deref(), Some(earlier.as_str()));
        assert_eq!(horizon.go_on(None, Some(&earlier)), last_reference_before(1_769_000_000_000));
        let later = first_reference(1_769_999_000_000);
        assert_eq!(horizon.go_on(Some(&later), Some(&earlier)), later);
    }
}
