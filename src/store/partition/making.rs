//! Cutting both tables at a midnight that is still to come.
//!
//! PostgreSQL takes a table as a partition only when it knows that all rows fit, and reads it whole for that, with nobody
//! writing. So a check that says the same is added first and validated while everybody writes; then the switch, of both
//! tables in one transaction, takes milliseconds. Until then the check would refuse what comes after the boundary: it is
//! taken away again whatever happens, and by the next run where this one was killed.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Boundary, CHECK, Partitions, TABLES, at_once,
    definition::{TableDefinition, statistics},
    quoted, refused,
};
use crate::{clock::Clock, store::StoreError};

/// A table with the piece of it that is open: the table itself before it is first cut, then its last partition.
struct Open {
    table: &'static str,
    key: &'static str,
    definition: TableDefinition,
    /// Its name, and where it begins.
    piece: Option<(String, Option<Boundary>)>,
}

impl Partitions {
    /// Ends the open partition at `boundary` and makes the next one, which is open. Tables that were never cut become
    /// partitioned, with all that they have, and what is stored is their first partition.
    ///
    /// # Errors
    /// When the boundary does not fit what is there, or the database fails; then nothing was changed.
    pub async fn make(&mut self, boundary: Boundary, clock: &dyn Clock) -> Result<(), StoreError> {
        if boundary.day() <= clock.now().date() {
            return Err(refused(format!(
                "{} has begun: a partition can begin tomorrow at the earliest",
                boundary.day()
            )));
        }
        let begins = self.list().await?.last().map(|open| (open.to, open.from));
        match begins {
            Some((Some(_), _)) => return Err(refused("there is no open partition: this was not made by this command")),
            Some((None, Some(from))) if from >= boundary => {
                return Err(refused(format!("there is a partition from {} on already", from.day())));
            }
            _ => {}
        }
        let tables = self.open_pieces().await?;
        for table in &tables {
            table.unchecked(&mut self.connection).await?;
            table.ends_before(&mut self.connection, boundary).await?;
        }
        let made = self.switch(&tables, boundary).await;
        if made.is_err() {
            for table in &tables {
                table.unchecked(&mut self.connection).await?;
            }
        }
        made?;
        sqlx::raw_sql("ANALYZE support_requests, audit_events").execute(&mut self.connection).await?;
        Ok(())
    }

    async fn open_pieces(&mut self) -> Result<Vec<Open>, StoreError> {
        let partition = self.list().await?.pop();
        let mut tables = Vec::new();
        for (place, (table, key)) in TABLES.into_iter().enumerate() {
            let piece = partition.as_ref().map(|open| (open.names[place].clone(), open.from));
            tables.push(Open {
                table,
                key,
                definition: TableDefinition::of(&mut self.connection, table).await?,
                piece,
            });
        }
        Ok(tables)
    }

    async fn switch(&mut self, tables: &[Open], boundary: Boundary) -> Result<(), StoreError> {
        for table in tables {
            let (piece, fits) = (table.piece(), table.fits(boundary));
            at_once(
                &mut self.connection,
                &format!("ALTER TABLE {piece} ADD CONSTRAINT {CHECK} CHECK ({fits}) NOT VALID"),
            )
            .await?;
            let validate = format!("ALTER TABLE {piece} VALIDATE CONSTRAINT {CHECK}");
            sqlx::raw_sql(AssertSqlSafe(validate)).execute(&mut self.connection).await?;
        }
        let switched: String = tables.iter().map(|table| table.switched(boundary)).collect();
        // In the order that the writers lock them in.
        let locked = "LOCK TABLE support_requests, audit_events IN ACCESS EXCLUSIVE MODE";
        at_once(&mut self.connection, &format!("{locked}; {switched}")).await
    }
}

impl Open {
    /// The open piece, as statements say it.
    fn piece(&self) -> String {
        match &self.piece {
            Some((name, _)) => self.definition.beside(name),
            None => self.definition.qualified().to_owned(),
        }
    }

    fn from(&self) -> Option<Boundary> {
        self.piece.as_ref().and_then(|(_, from)| *from)
    }

    /// What is true of each row that belongs there.
    fn fits(&self, boundary: Boundary) -> String {
        let below = format!("{} < '{}'", self.key, boundary.key(self.table));
        match self.from() {
            Some(from) => format!("{} >= '{}' AND {below}", self.key, from.key(self.table)),
            None => below,
        }
    }

    /// Takes away what a run that was killed left.
    async fn unchecked(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        at_once(connection, &format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {CHECK}", self.piece())).await
    }

    async fn ends_before(&self, connection: &mut PgConnection, boundary: Boundary) -> Result<(), StoreError> {
        let sql =
            format!("SELECT {key} FROM {} WHERE {key} >= $1 ORDER BY {key} LIMIT 1", self.piece(), key = self.key);
        let found: Option<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(boundary.key(self.table)).fetch_optional(connection).await?;
        let day = boundary.day();
        found.map_or(Ok(()), |found| {
            Err(refused(format!(
                "{found} is there already, of {day} or later, by a clock that was ahead: choose a later day"
            )))
        })
    }

    fn switched(&self, boundary: Boundary) -> String {
        let next = format!("{}_from_{}", self.table, boundary.day().to_string().replace('-', ""));
        let (parent, with) = (self.definition.qualified(), &self.definition);
        let upper = format!("'{}'", boundary.key(self.table));
        let (before, name, after) = if let Some((name, _)) = &self.piece {
            let detach = format!("ALTER TABLE {parent} DETACH PARTITION {}; ", with.beside(name));
            (detach, name.clone(), with.switched_everywhere())
        } else {
            let name = format!("{}_from_the_start", self.table);
            (self.create_parent(&name), name, with.triggers_and_grants())
        };
        let (piece, lower) = (
            with.beside(&name),
            self.from().map_or("MINVALUE".to_owned(), |from| format!("'{}'", from.key(self.table))),
        );
        [
            before,
            format!("ALTER TABLE {parent} ATTACH PARTITION {piece} FOR VALUES FROM ({lower}) TO ({upper}); "),
            format!("ALTER TABLE {piece} DROP CONSTRAINT {CHECK}; "),
            format!(
                "CREATE TABLE {} PARTITION OF {parent} FOR VALUES FROM ({upper}) TO (MAXVALUE); ",
                with.beside(&next)
            ),
            statistics(&piece, parent),
            statistics(parent, &with.beside(&next)),
            with.guards_of_partition(&next),
            with.revoked(&name),
            after,
        ]
        .concat()
    }

    /// Gives the table the name of its first partition, and its own to a partitioned one with all that it has.
    fn create_parent(&self, name: &str) -> String {
        let (parent, with) = (self.definition.qualified(), &self.definition);
        [
            format!("ALTER TABLE {parent} RENAME TO {}; ", quoted(name)),
            with.release(self.table, name),
            format!("CREATE TABLE {parent} (LIKE {} INCLUDING ALL EXCLUDING INDEXES) ", with.beside(name)),
            format!("PARTITION BY RANGE ({}); ALTER TABLE {parent} DROP CONSTRAINT {CHECK}; ", self.key),
            with.keys(),
        ]
        .concat()
    }
}
