//! Where in a document something stands. Written out only where something was taken.

/// One step into a list or an object.
#[derive(Clone, Copy)]
enum Step<'p> {
    Item(usize),
    Member(&'p str),
}

/// The steps from the whole document to a place in it, the last one first.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p>(Option<(&'p Path<'p>, Step<'p>)>);

impl Path<'_> {
    /// The whole document.
    pub(crate) const WHOLE: Self = Self(None);

    /// The item of that position in a list that stands here.
    pub(crate) fn item(&self, position: usize) -> Path<'_> {
        Path(Some((self, Step::Item(position))))
    }

    /// The member of that name in an object that stands here.
    pub(crate) fn member<'p>(&'p self, name: &'p str) -> Path<'p> {
        Path(Some((self, Step::Member(name))))
    }

    /// As an RFC 6901 pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    fn write(&self, pointer: &mut String) {
        let Some((before, step)) = &self.0 else { return };
        before.write(pointer);
        pointer.push('/');
        match step {
            Step::Item(position) => pointer.push_str(&position.to_string()),
            Step::Member(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
        }
    }
}
