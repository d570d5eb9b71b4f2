//! Clients that go away: before, while and after their request is taken in. Never half of a pair.

use std::time::Duration;

use crate::harness::*;

fn request(app: &App, endpoint: Endpoint) -> Vec<u8> {
    RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().body(app.report().to_string()).bytes()
}

on_both_databases!(a_client_that_goes_away_before_its_request_is_whole_stores_nothing, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let bytes = request(&app, endpoint);
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        for sent in [1, head / 2, head, head + 1, bytes.len() - 1] {
            let mut connection = Connection::open(&app).await;
            connection.write(&bytes[..sent]).await;
            if sent % 2 == 0 { connection.reset() } else { drop(connection) }
        }
        app.create(endpoint).send().await.created();
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_client_that_goes_away_while_the_platform_is_asked_leaves_a_whole_pair_or_none, async |database| {
    let app = App::build().provider_timeout(Duration::from_mins(1)).start(database).await;
    app.world.bundles(Told::Waits);
    for index in 0..20 {
        let mut connection = Connection::open(&app).await;
        connection.write(&request(&app, Endpoint::BOTH[index % 2])).await;
        app.world.until_asked(2 * (index + 1)).await;
        connection.reset();
    }
    app.world.open_gate();
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).send().await.created();
    }
    app.allow_unseen();
    app.finish().await;
});

on_both_databases!(
    a_client_that_goes_away_without_waiting_for_its_answer_leaves_a_whole_pair_or_none,
    async |database| {
        let app = App::start(database).await;
        for index in 0..200_u64 {
            let mut connection = Connection::open(&app).await;
            connection.write(&request(&app, Endpoint::BOTH[usize::from(index % 2 == 0)])).await;
            // From at once to about as long as a request takes, so that every step of it is met.
            tokio::time::sleep(Duration::from_micros(index * 40)).await;
            connection.reset();
        }
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        app.allow_unseen();
        app.finish().await;
    }
);

on_both_databases!(requests_that_follow_each_other_on_one_connection_do_not_mix, async |database| {
    let app = App::start(database).await;
    let mut connection = Connection::open(&app).await;
    let bytes: Vec<u8> = Endpoint::BOTH.iter().flat_map(|endpoint| request(&app, *endpoint)).collect();
    connection.write(&bytes).await;
    for endpoint in Endpoint::BOTH {
        let answer = connection.answer().await.expect("one answer a request, in order");
        app.received(&answer);
        assert_eq!(answer.created()["primary_context"]["type"], endpoint.primary_context().0);
    }
    app.finish().await;
});
