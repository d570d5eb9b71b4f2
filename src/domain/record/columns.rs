//! What a column is, and the macro that turns one list of columns into a struct and everything that walks over it.

/// A column of one of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name: in the database, in JSON, in CSV.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// How it goes into the digests.
    pub part: Part,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// One of a few names; on PostgreSQL an enumeration that is called as the column is.
    Label,
    /// RFC 3339 in UTC with milliseconds; on PostgreSQL `timestamptz(3)`.
    Time,
    /// A whole number.
    Number,
    /// A JSON document, canonical (RFC 8785); on PostgreSQL `jsonb`.
    Json,
}

/// How a column goes into the digests (specs/integrity.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A member of what the row's digest is over.
    Public,
    /// A member of what the commitment is over. Erased by law.
    Personal,
    /// A document that has members of both.
    Mixed,
    /// What the commitment is salted with. Erased with what it hides.
    Salt,
    /// The row's digest.
    Digest,
}

/// A column's value, as it stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Text, a label or a time.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// Canonical JSON.
    Json(&'a str),
}

impl<'a> Value<'a> {
    /// The text of everything but a number.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) | Self::Json(text) => Some(text),
            Self::Null | Self::Number(_) => None,
        }
    }

    fn maybe(text: Option<&'a str>, value: fn(&'a str) -> Self) -> Self {
        text.map_or(Self::Null, value)
    }
}

/// As it stands in JSON; a JSON document stays the document that it is.
impl serde::Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Json(json) => {
                let json: &serde_json::value::RawValue =
                    serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                json.serialize(serializer)
            }
        }
    }
}

/// A cell that is not what its column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

/// One cell of a kind, from the text that the database gave, into the field's type; and back.
pub(super) trait Cell: Sized {
    fn read(cell: Option<String>, column: &'static str) -> Result<Self, Unreadable>;
    fn value(&self, kind: Kind) -> Value<'_>;
}

impl Cell for String {
    fn read(cell: Option<String>, column: &'static str) -> Result<Self, Unreadable> {
        cell.ok_or(Unreadable(column))
    }

    fn value(&self, kind: Kind) -> Value<'_> {
        if kind == Kind::Json { Value::Json(self) } else { Value::Text(self) }
    }
}

impl Cell for Option<String> {
    fn read(cell: Option<String>, _: &'static str) -> Result<Self, Unreadable> {
        Ok(cell)
    }

    fn value(&self, kind: Kind) -> Value<'_> {
        Value::maybe(self.as_deref(), if kind == Kind::Json { Value::Json } else { Value::Text })
    }
}

impl Cell for i64 {
    fn read(cell: Option<String>, column: &'static str) -> Result<Self, Unreadable> {
        cell.and_then(|text| text.parse().ok()).ok_or(Unreadable(column))
    }

    fn value(&self, _: Kind) -> Value<'_> {
        Value::Number(*self)
    }
}

/// A struct with a field for each column, the list of the columns, and the ways from and to a row.
macro_rules! row {
    (
        $(#[$of_row:meta])* $row:ident { $($(#[$of_column:meta])* $column:ident: $type:ty = $kind:ident $part:ident,)* }
    ) => {
        $(#[$of_row])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $row {
            $($(#[$of_column])* pub $column: $type,)*
        }

        impl $row {
            /// Every column, in the order of all lists.
            pub const COLUMNS: &[Column] =
                &[$(Column { name: stringify!($column), kind: Kind::$kind, part: Part::$part },)*];

            /// How many columns there are.
            pub const WIDTH: usize = Self::COLUMNS.len();

            /// The row's values, in that order.
            #[must_use]
            pub fn values(&self) -> [Value<'_>; Self::WIDTH] {
                [$(self.$column.value(Kind::$kind),)*]
            }

            /// Reads a row from its cells, which are asked for in that order.
            ///
            /// # Errors
            /// What `cell` says, or a cell that does not hold what its column must.
            pub fn read<E: From<Unreadable>>(
                mut cell: impl FnMut(usize, &Column) -> Result<Option<String>, E>,
            ) -> Result<Self, E> {
                let mut columns = Self::COLUMNS.iter().enumerate();
                Ok(Self {
                    $($column: {
                        let (index, column) = columns.next().ok_or(Unreadable(stringify!($column)))?;
                        Cell::read(cell(index, column)?, column.name)?
                    },)*
                })
            }
        }

        /// As it is printed: a member for each column.
        impl serde::Serialize for $row {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(Self::COLUMNS.iter().map(|column| column.name).zip(self.values()))
            }
        }
    };
}
pub(super) use row;
