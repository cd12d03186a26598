#!/usr/bin/env bash
# Starts PostgreSQL as the official image does: POSTGRES_USER, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, POSTGRES_DB,
# POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD and the files in /docker-entrypoint-initdb.d take effect on the first
# start only.
set -euo pipefail

readonly user="${POSTGRES_USER:-postgres}"
readonly database="${POSTGRES_DB:-$user}"
readonly remote_auth="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"

# PostgreSQL refuses to run as root. A mounted volume can belong to root on its first use.
continue_as_postgres() {
  mkdir -p "$PGDATA" /var/run/postgresql
  find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
}

create_cluster() {
  local password="${POSTGRES_PASSWORD:-}"
  if [[ -n "${POSTGRES_PASSWORD_FILE:-}" ]]; then password=$(<"$POSTGRES_PASSWORD_FILE"); fi
  if [[ -n "$password" ]]; then
    # Not an argument, so that the process list does not show it.
    init_data --pwfile=/dev/stdin <<<"$password"
  elif [[ "$remote_auth" == trust ]]; then
    init_data
  else
    echo 'POSTGRES_PASSWORD is not set: give the superuser a password' >&2
    exit 1
  fi
  printf '\nhost all all all %s\n' "$remote_auth" >>"$PGDATA/pg_hba.conf"
}

init_data() { # option...
  # shellcheck disable=SC2086 # a list of options by definition
  initdb --username="$user" --set listen_addresses='*' ${POSTGRES_INITDB_ARGS:-} "$@"
}

run_sql() { psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$user" --no-password "$@"; }

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) bash "$file" ;;
      *.sql) run_sql --dbname "$database" --file "$file" ;;
    esac
  done
}

# The server for the first steps listens on the local socket only, so that nobody outside meets a half-made database.
# It also logs the "ready to accept connections" line a first time, and Testcontainers waits for two of them.
prepare_database() {
  pg_ctl --wait --options="-c listen_addresses=''" start
  if [[ "$database" != postgres ]]; then
    run_sql --dbname postgres --set name="$database" <<<'CREATE DATABASE :"name";'
  fi
  run_init_files
  pg_ctl --wait --mode=fast stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [[ "${1:-}" == -* ]]; then set -- postgres "$@"; fi
if [[ "${1:-}" == postgres ]]; then
  if [[ $EUID -eq 0 ]]; then continue_as_postgres "$@"; fi
  if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
    create_cluster
    prepare_database
  fi
fi
exec "$@"
