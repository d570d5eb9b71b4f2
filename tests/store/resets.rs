//! Clients that vanish leave no open transaction and no half pair.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use sqlx::AssertSqlSafe;

use crate::{
    harness::{Answer, Dice, Service, all_is_well, ask, token},
    support::database::{Counts, Database, on_both_databases},
};

/// How many clients vanish, and how many ordinary requests must succeed after them.
const RESETS: usize = 1000;

/// Sends a request, or a part of one, and resets the connection after a moment.
fn vanish(address: &str, token: &str, dice: &mut Dice) {
    let body = r#"{"summary": "From somebody who vanishes"}"#;
    let request = format!(
        "POST /workspaces/acme/tenants/contoso/support-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // Half of them send everything and vanish while it is worked on; the others break off somewhere.
    let sent = if dice.roll(2) == 0 { request.len() } else { dice.roll(request.len()) };
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&request.as_bytes()[..sent]).unwrap();
    std::thread::sleep(Duration::from_micros(dice.roll(4000) as u64));
    if dice.roll(3) == 0 {
        stream.set_nonblocking(true).unwrap();
        let _ = stream.read(&mut [0; 64]);
    }
    // Zero: a reset instead of a polite end (RFC 9293, section 3.10.5).
    let socket = socket2::Socket::from(stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

on_both_databases!(a_thousand_resets_leave_nothing_open_and_a_thousand_requests_succeed_after_them, async |database| {
    let service = Service::start(&database);
    let (address, bearer) = (service.address.clone(), token());
    tokio::task::spawn_blocking(move || {
        let mut dice = Dice::new(11);
        for _ in 0..RESETS {
            vanish(&address, &bearer, &mut dice);
        }
    })
    .await
    .unwrap();
    let mut clients = Vec::new();
    for _ in 0..10 {
        let (url, token) = (service.url(), token());
        clients.push(tokio::spawn(async move {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let mut answered = Vec::new();
            for _ in 0..RESETS / 10 {
                match ask(&client, &url, &token).await {
                    Answer::Created(reference) => answered.push(reference),
                    other => panic!("{other:?}"),
                }
            }
            answered
        }));
    }
    let mut answered = Vec::new();
    for client in clients {
        answered.extend(client.await.unwrap());
    }
    assert_eq!(answered.len(), RESETS);
    all_is_well(&database, &answered).await;
    assert!(database.counts().await.requests >= Counts::of(1000).requests);
    nothing_is_open(&database).await;
    service.stop();
});

async fn nothing_is_open(database: &Database) {
    let Database::Postgres(postgres) = database else { return };
    let name = postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
    let sql =
        format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND state LIKE 'idle in transaction%'");
    let mut superuser = postgres.superuser().await;
    let open: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut superuser).await.unwrap();
    assert_eq!(open, 0);
}
