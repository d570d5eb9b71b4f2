# For trying out, the base images are tags, which may be other images tomorrow. Who releases names both by the digest that was
# tried, which only a registry can tell, and builds with `deploy/release image`, which takes nothing else:
#   docker buildx imagetools inspect --format '{{.Manifest.Digest}}' rust:1.95.0-bookworm
#   RUST_IMAGE=rust:1.95.0-bookworm@sha256:… RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot@sha256:… deploy/release image
ARG RUST_IMAGE=rust:1.95.0-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# The C library of this image is Debian 12's, as is that of the runtime image.
FROM ${RUST_IMAGE} AS chef
RUN cargo install cargo-chef --locked --version 0.1.78
WORKDIR /build

# What the dependencies are, and nothing else: changes only when Cargo.toml or Cargo.lock do.
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /build/recipe.json recipe.json
RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo chef cook --locked --release --bin support-requests --recipe-path recipe.json
COPY . .
RUN CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --locked --release --bin support-requests \
    && deploy/notices >/THIRD-PARTY-NOTICES.txt \
    && mkdir /data

# No shell, no package manager, not root (user 65532).
FROM ${RUNTIME_IMAGE}
COPY --from=builder /build/target/release/support-requests /usr/local/bin/support-requests
COPY --from=builder /THIRD-PARTY-NOTICES.txt /build/LICENSE /usr/share/doc/support-requests/
# The working directory, for trying out: an SQLite file and, in development, the development key go here.
COPY --from=builder --chown=65532:65532 /data /data
WORKDIR /data
USER 65532:65532
ENV SUPPORT_REQUESTS_LISTEN=0.0.0.0:8080
# Whoever tries it out says so: SUPPORT_REQUESTS_ENVIRONMENT=development.
ENV SUPPORT_REQUESTS_ENVIRONMENT=production
EXPOSE 8080
# The same binary asks itself: there is nothing else in here that could.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/support-requests", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/support-requests"]
CMD ["serve"]
