//! Apache Parquet, for analysts: typed columns in row groups, each written when it is full, so memory stays bounded.

use std::{io::Write, sync::Arc};

use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical},
    data_type::{ByteArray, ByteArrayType, Int64Type},
    errors::Result,
    file::{
        properties::{WriterProperties, WriterPropertiesPtr},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnPath, Type, TypePtr},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    cli::printed::Printed,
    domain::record::{Column, Kind, Value},
};

/// Texts of so many bytes make a row group.
const ROW_GROUP_BYTES: usize = 4 * 1024 * 1024;
/// So many rows make one, however short.
const ROW_GROUP_ROWS: usize = 16 * 1024;

/// A file that is being written.
pub(super) struct Parquet<W: Write + Send> {
    file: SerializedFileWriter<W>,
    rows: Vec<Printed>,
    bytes: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn start(out: W) -> Result<Self> {
        Ok(Self { file: SerializedFileWriter::new(out, schema()?, properties())?, rows: Vec::new(), bytes: 0 })
    }

    /// Takes rows, and writes them once there are enough.
    pub(super) fn write(&mut self, rows: Vec<Printed>) -> Result<()> {
        for row in rows {
            self.bytes += row.values().iter().map(|value| value.text().map_or(8, str::len)).sum::<usize>();
            self.rows.push(row);
            if self.bytes >= ROW_GROUP_BYTES || self.rows.len() >= ROW_GROUP_ROWS {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Writes what is left, and what makes it a file.
    pub(super) fn finish(mut self) -> Result<()> {
        self.write_group()?;
        self.file.close().map(drop)
    }

    fn write_group(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let values: Vec<_> = rows.iter().map(Printed::values).collect();
        let mut group = self.file.next_row_group()?;
        for (index, column) in Printed::columns().enumerate() {
            write_column(&mut group, column, values.iter().map(|row| row[index]))?;
        }
        group.close().map(drop)
    }
}

/// Every column may be empty: what is read of a broken row may be.
fn schema() -> Result<TypePtr> {
    let fields = Printed::columns().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
            Kind::Number => (Physical::INT64, None),
            Kind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
            Kind::Text | Kind::Label => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(column.name, physical).with_logical_type(logical);
        field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<_>>>()?;
    Type::group_type_builder("support_requests").with_fields(fields).build().map(Arc::new)
}

/// A dictionary only where values come again: elsewhere it is made, found too large, and thrown away.
fn properties() -> WriterPropertiesPtr {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).set_dictionary_enabled(false);
    let again = ["workspace_id", "tenant_id", "creator_subject", "creator_name", "contact_name", "contact_email"];
    let labels = Printed::columns().filter(|column| column.kind == Kind::Label).map(|column| column.name);
    let properties = labels
        .chain(again)
        .fold(properties, |properties, name| properties.set_column_dictionary_enabled(ColumnPath::from(name), true));
    Arc::new(properties.build())
}

fn write_column<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column,
    values: impl Iterator<Item = Value<'a>>,
) -> Result<()> {
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    let mut levels = Vec::new();
    if matches!(column.kind, Kind::Time | Kind::Number) {
        let numbers: Vec<i64> = values.filter_map(|value| present(number(value), &mut levels)).collect();
        writer.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?;
    } else {
        let texts: Vec<ByteArray> =
            values.filter_map(|value| present(value.text(), &mut levels)).map(ByteArray::from).collect();
        writer.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
    }
    writer.close()
}

/// Notes whether there is a value.
fn present<T>(value: Option<T>, levels: &mut Vec<i16>) -> Option<T> {
    levels.push(i16::from(value.is_some()));
    value
}

/// A number, or a time in milliseconds since 1970; none where it is not one, which the record's digest tells.
fn number(value: Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(number),
        Value::Text(text) => {
            let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
            i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
        }
        Value::Json(_) | Value::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::{domain::record::Record, store::Stored};

    #[test]
    fn a_row_group_is_written_whenever_one_is_full_and_no_row_is_lost() {
        let row = |number: usize| {
            let record = Record { request_id: number.to_string(), ..Record::default() };
            Printed::new(Stored { record, unreadable: None }, None)
        };
        let mut file = Vec::new();
        let mut parquet = Parquet::start(&mut file).unwrap();
        for piece in 0..3 {
            parquet.write((0..ROW_GROUP_ROWS).map(|number| row(piece * ROW_GROUP_ROWS + number)).collect()).unwrap();
            assert!(parquet.rows.is_empty(), "nothing of a full group stays in memory");
        }
        parquet.write(vec![row(3 * ROW_GROUP_ROWS)]).unwrap();
        parquet.finish().unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
        assert_eq!(reader.num_row_groups(), 4);
        let names = reader.get_row_iter(None).unwrap().map(|row| {
            let row = row.unwrap();
            let (_, field) = row.get_column_iter().find(|(name, _)| *name == "request_id").unwrap();
            field.to_string()
        });
        assert!(names.eq((0..=3 * ROW_GROUP_ROWS).map(|number| format!("\"{number}\""))));
    }
}
