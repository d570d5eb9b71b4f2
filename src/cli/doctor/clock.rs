//! This machine's clock and the database's: tokens are judged by the one, partitions and erasures by the other.

use time::Duration;

use super::{
    database::{NOT_FOR_FILES, judged},
    deadline::Deadline,
    finding::Finding,
};
use crate::{
    auth::LEEWAY,
    clock::{Clock as _, SystemClock},
    store::Inspection,
};

pub(super) const CHECK: &str = "clock";

/// More than this is no chance: clocks that are kept right differ by milliseconds.
const DIFFERENCE_FEW: Duration = Duration::seconds(2);

pub(super) async fn look(inspection: &mut Inspection, deadline: Deadline) -> Finding {
    let before = SystemClock.now();
    let theirs = match judged(CHECK, deadline, inspection.clock()).await {
        Err(finding) => return finding,
        Ok(None) => return Finding::ok(CHECK, NOT_FOR_FILES),
        Ok(Some(theirs)) => theirs,
    };
    let after = SystemClock.now();
    // It was read at some moment between the two.
    judge(if theirs > after { theirs - after } else { (theirs - before).min(Duration::ZERO) })
}

/// By how much the database's clock is ahead.
fn judge(ahead: Duration) -> Finding {
    let (difference, which) = (ahead.abs(), if ahead.is_positive() { "ahead" } else { "behind" });
    let found = format!(
        "the database's clock is {}.{:03} s {which}",
        difference.whole_seconds(),
        difference.subsec_milliseconds()
    );
    let advice = "have both machines keep their time by NTP (chrony, systemd-timesyncd), and look which one is right";
    if difference > LEEWAY {
        Finding::wrong(CHECK, format!("{found}: more than tokens are given, so one of the two is wrong"), advice)
    } else if difference > DIFFERENCE_FEW {
        Finding::warning(CHECK, found, advice)
    } else {
        Finding::ok(CHECK, "the database's clock agrees with this machine's")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Status, *};

    #[test]
    fn clocks_that_differ_are_warned_of_above_two_seconds_and_wrong_above_the_leeway() {
        for (ms, status) in [(0, Status::Ok), (2000, Status::Ok), (2001, Status::Warning), (30_000, Status::Warning)] {
            for ahead in [Duration::milliseconds(ms), Duration::milliseconds(-ms)] {
                assert_eq!(judge(ahead).status, status, "{ahead}");
            }
        }
        assert_eq!(judge(Duration::milliseconds(30_001)).status, Status::Wrong);
        assert_eq!(judge(Duration::milliseconds(-30_001)).status, Status::Wrong);
    }
}
