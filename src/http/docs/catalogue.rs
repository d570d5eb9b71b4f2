//! `specs/errors.md` as a page: the one text about errors, so that what people read here is what is maintained there.
//! `tests/tidy.rs` holds it against the table of problems.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::super::problem::TABLE;

/// The specification's text.
const TEXT: &str = include_str!("../../../specs/errors.md");

/// The text, each error under the anchor of its code.
pub(super) fn html() -> String {
    let events: Vec<Event> = TextMergeStream::new(Parser::new_ext(TEXT, Options::ENABLE_TABLES)).collect();
    let mut page = Page::default();
    for (at, event) in events.iter().enumerate() {
        page.take(event, &events[at + 1..]);
    }
    let mut written = String::new();
    pulldown_cmark::html::push_html(&mut written, page.events.into_iter());
    written
}

/// What the page makes of the text.
#[derive(Default)]
struct Page<'a> {
    events: Vec<Event<'a>>,
    /// Within a link to another file of the specification.
    in_link_elsewhere: bool,
    in_facts: Facts,
    is_listed: bool,
}

/// Where we are in a table of facts: two columns, a fact's name and the fact, without a head.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Facts {
    #[default]
    Outside,
    Head,
    Name,
    Fact,
}

impl<'a> Page<'a> {
    fn take(&mut self, event: &Event<'a>, next: &[Event<'a>]) {
        match (event, self.in_facts) {
            // Files of the specification are not served: what is said of them stays.
            (Event::Start(Tag::Link { dest_url, .. }), _) if !dest_url.starts_with('#') => {
                self.in_link_elsewhere = true;
            }
            (Event::End(TagEnd::Link), _) if self.in_link_elsewhere => self.in_link_elsewhere = false,
            // The title is the page's own.
            (Event::Start(Tag::Heading { level: HeadingLevel::H3, .. }), _) => {
                let code = if let Some(Event::Text(code)) = next.first() { code.as_ref() } else { "" };
                self.list_all_once();
                self.write(format!("<h2 id=\"{code}\"><a href=\"#{code}\">"));
            }
            (Event::End(TagEnd::Heading(HeadingLevel::H3)), _) => self.write("</a></h2>\n"),
            (Event::Start(Tag::Table(_)), _) if has_no_head(next) => {
                self.in_facts = Facts::Head;
                self.write("<dl>\n");
            }
            (_, Facts::Outside) => self.events.push(event.clone()),
            (Event::End(TagEnd::Table), _) => {
                self.in_facts = Facts::Outside;
                self.write("</dl>\n");
            }
            _ => self.fact(event),
        }
    }

    /// A list of names and what they name: a screen reader has no use for a table without a head.
    fn fact(&mut self, event: &Event<'a>) {
        match (event, self.in_facts) {
            (Event::Start(Tag::TableRow), _) => self.in_facts = Facts::Name,
            (_, Facts::Head) | (Event::End(TagEnd::TableRow), _) => {}
            (Event::Start(Tag::TableCell), Facts::Name) => self.write("<dt>"),
            (Event::Start(Tag::TableCell), _) => self.write("<dd>"),
            (Event::End(TagEnd::TableCell), Facts::Name) => {
                self.write("</dt>");
                self.in_facts = Facts::Fact;
            }
            (Event::End(TagEnd::TableCell), _) => self.write("</dd>\n"),
            _ => self.events.push(event.clone()),
        }
    }

    /// In front of the first section: every code there is, each leading to its section.
    fn list_all_once(&mut self) {
        if std::mem::replace(&mut self.is_listed, true) {
            return;
        }
        self.write("<ul class=\"contents\">\n");
        for row in &TABLE {
            self.write(format!(
                "<li><a href=\"#{0}\">{1} <code>{0}</code></a> {2}</li>\n",
                row.code, row.status, row.title
            ));
        }
        self.write("</ul>\n");
    }

    fn write(&mut self, markup: impl Into<String>) {
        self.events.push(Event::InlineHtml(markup.into().into()));
    }
}

fn has_no_head(next: &[Event<'_>]) -> bool {
    let head = next.iter().take_while(|event| !matches!(event, Event::End(TagEnd::TableHead)));
    head.into_iter().all(|event| matches!(event, Event::Start(_) | Event::End(_)))
}
