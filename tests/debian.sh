# shellcheck shell=bash
# Installing on Debian, for tests/run and tests/failover/run: sourced by them.

has() { command -v "$1" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Server programs are in folders that only root's path has.
PATH=$PATH:/usr/local/sbin:/usr/sbin

has_postgres() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null)" "$(dirname -- "$(command -v postgres || echo /none/)")" /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
  done
  return 1
}

debian_install() { # PACKAGE…
  has apt-get && as_root true 2>/dev/null || return 1
  echo "installing from Debian: $*"
  # Without this, Debian's package makes a database cluster and starts it; the tests start their own.
  local no_cluster=/etc/postgresql-common/createcluster.d/support-requests-tests.conf
  as_root mkdir -p "${no_cluster%/*}" && echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
  # Nor does Debian then start a PgBouncer of its own.
  local no_services=/usr/sbin/policy-rc.d
  if [ -e "$no_services" ]; then no_services=; else
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$no_services" >/dev/null && as_root chmod 755 "$no_services"
  fi
  as_root apt-get -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
  local outcome=$?
  as_root rm -f "$no_cluster" ${no_services:+"$no_services"}
  return "$outcome"
}
