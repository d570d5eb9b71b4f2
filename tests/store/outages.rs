//! What both kinds of fault have in common: the service is watched from outside while it lasts and when it is over.

use std::time::Duration;

use crate::harness::{Answer, Service, ask, token};

/// How often something is looked for before it is said that it does not come.
const LOOKS: usize = 300;

/// A service as its callers and its load balancer see it.
pub struct Watched {
    pub service: Service,
    client: reqwest::Client,
    token: String,
}

impl Watched {
    pub fn start(url: &str) -> Self {
        Self::of(Service::on(url))
    }

    pub fn of(service: Service) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { service, client, token: token() }
    }

    pub async fn ask(&self) -> Answer {
        ask(&self.client, &self.service.url(), &self.token).await
    }

    /// One request, which must be stored.
    pub async fn stored(&self) -> String {
        match self.ask().await {
            Answer::Created(reference) => reference,
            other => panic!("{other:?}: {}", self.service.log()),
        }
    }

    /// One request, which must be refused.
    pub async fn refused(&self) {
        match self.ask().await {
            Answer::Refused(503, code) => {
                assert!(["storage_unavailable", "outcome_unknown"].contains(&code.as_str()), "{code}");
            }
            other => panic!("{other:?}: {}", self.service.log()),
        }
    }

    /// Waits until the log says this.
    pub async fn until_logged(&self, text: &str) {
        for _ in 0..LOOKS {
            if self.service.log().contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it does not say {text}: {}", self.service.log());
    }

    pub async fn readyz(&self) -> u16 {
        let url = format!("http://{}/readyz", self.service.address);
        self.client.get(url).send().await.unwrap().status().as_u16()
    }

    /// Waits until `/readyz` says `status`, without a request of anybody's.
    pub async fn until_readyz(&self, status: u16) {
        for _ in 0..LOOKS {
            if self.readyz().await == status {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("/readyz does not become {status}: {}", self.service.log());
    }

    /// Nobody asks, and `/readyz` says that nothing would be taken; somebody asks, and gets a 503.
    pub async fn takes_nothing(&self) {
        self.until_readyz(503).await;
        self.refused().await;
        assert_eq!(self.readyz().await, 503);
    }

    /// By itself, it takes requests again.
    pub async fn takes_requests_again(&self) -> String {
        self.until_readyz(200).await;
        self.stored().await
    }

    pub async fn stop(self) {
        tokio::task::spawn_blocking(move || self.service.stop()).await.unwrap();
    }

    pub async fn kill9(self) {
        tokio::task::spawn_blocking(move || self.service.kill9()).await.unwrap();
    }
}
