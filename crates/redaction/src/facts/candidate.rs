//! What a detector proposes, and what is known of it. A fact is asked for by its name and worked out once, when the
//! first
//! row of the policy wants it.

use crate::facts::matches::Looks;
use crate::facts::values::Shape;
use crate::lexicon::names::{Kind, Name};
use crate::text::separator::Tie;
use crate::text::value::JUDGED;

/// What the place says of the candidate: which rows of the policy it is shown to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A format of its own, a key block, a signed token: the detector has read all of it.
    Certain,
    /// A sentence says so; the score decided.
    Sentence,
    /// The fixed prefix of a vendor.
    Format,
    /// A pattern near its keyword, which asks for looks.
    Pattern,
    /// A value beside a name.
    Assigned,
    /// Alone on the lines below a name.
    Below,
    /// The `value` of a member whose `name` names a secret, an item of a list under such a name.
    Beside,
    /// Whatever stands there: the data of a Kubernetes Secret, a block of YAML, a row of SQL.
    Entry,
    /// A cell below a heading.
    Cell,
    /// The same, where only blanks make the columns.
    Aligned,
    /// What the flag of a command carries.
    Argument,
    /// The password of `-u user:password`, and the user where there is none.
    Login,
    CommandUser,
    /// The password and the user of a URL.
    UrlPassword,
    UrlUser,
    /// A parameter of a URL.
    Parameter,
    /// `Authorization: …`, `Bearer …`, `Cookie: name=…`
    Authorization,
    Scheme,
    Cookie,
    /// A machine's value behind the name of a vendor.
    Vendor,
}

/// How a value stands behind its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub tie: Tie,
    pub quoted: bool,
    /// Blanks before the operator: more likely code or prose.
    pub spaced: bool,
    /// Nothing but punctuation follows on the line, or a delimiter does.
    pub alone: bool,
}

impl Setting {
    /// A value in quotation marks that is all there is.
    pub(crate) const WHOLE: Self = Self { tie: Tie::Entry, quoted: true, spaced: false, alone: true };
}

/// A stretch of text that could be a secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'t> {
    pub text: &'t [u8],
    pub start: usize,
    pub end: usize,
    /// As much of it as is judged.
    pub value: &'t [u8],
    pub claim: Claim,
    /// The room that proposes it.
    pub detector: &'static str,
    /// The row of the rule table that takes it.
    pub rule: usize,
    pub name: Option<Name>,
    pub setting: Setting,
    /// The place announces a secret beyond doubt: a command that is known, a name and a tie.
    pub announced: bool,
    /// What the pattern asks of the looks.
    pub looks: Looks,
}

impl<'t> Candidate<'t> {
    pub(crate) fn new(
        text: &'t [u8],
        start: usize,
        end: usize,
        claim: Claim,
        detector: &'static str,
        rule: usize,
    ) -> Self {
        let value = &text[start..end.min(start + JUDGED)];
        let (name, setting, looks) = (None, Setting::WHOLE, Looks::Any);
        Self { text, start, end, value, claim, detector, rule, name, setting, announced: false, looks }
    }

    pub(crate) fn named(self, name: Name, setting: Setting) -> Self {
        Self { name: Some(name), setting, ..self }
    }

    /// Of many names in one run without blanks, each has all the rest as its value: less of it is judged.
    pub(crate) fn judged(self, value: &'t [u8]) -> Self {
        Self { value, ..self }
    }

    pub(crate) fn asking(self, looks: Looks) -> Self {
        Self { looks, ..self }
    }

    /// Whether what it takes hides the names inside: a token of a vendor may be the beginning of a longer value.
    pub(crate) fn covers(&self) -> bool {
        !matches!(self.claim, Claim::Format | Claim::Pattern)
    }

    pub(crate) fn announced(self, announced: bool) -> Self {
        Self { announced, ..self }
    }

    pub(crate) fn kind(&self) -> Option<Kind> {
        self.name.map(|name| name.kind)
    }

    pub(crate) fn term(&self) -> &'static str {
        self.name.map_or("", |name| name.term)
    }
}

/// A candidate and what it is made of: what every fact is found out from.
pub(crate) struct Facts<'c, 't> {
    pub candidate: &'c Candidate<'t>,
    pub shape: Shape,
}

impl<'c, 't> Facts<'c, 't> {
    pub(crate) fn of(candidate: &'c Candidate<'t>) -> Self {
        Self { candidate, shape: Shape::of(candidate.value) }
    }

    /// The part of the value that is judged.
    pub(crate) fn value(&self) -> &'t [u8] {
        self.candidate.value
    }
}
