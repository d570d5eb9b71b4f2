# syntax=docker/dockerfile:1

# The C library of this image is Debian 12's, as is that of the runtime image.
FROM rust:1.95.0-bookworm AS chef
RUN cargo install cargo-chef --locked --version 0.1.78
WORKDIR /build

# What the dependencies are, and nothing else: changes only when Cargo.toml or Cargo.lock do.
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /build/recipe.json recipe.json
RUN cargo chef cook --locked --release --bin support-requests --recipe-path recipe.json
COPY . .
RUN cargo build --locked --release --bin support-requests \
    && mkdir /data

# No shell, no package manager, not root (user 65532).
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=builder /build/target/release/support-requests /usr/local/bin/support-requests
# The working directory: an SQLite file and, in development, the development key go here.
COPY --from=builder --chown=65532:65532 /data /data
WORKDIR /data
USER 65532:65532
ENV SUPPORT_REQUESTS_LISTEN=0.0.0.0:8080
EXPOSE 8080
# The same binary asks itself: there is nothing else in here that could.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/support-requests", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/support-requests"]
CMD ["serve"]
