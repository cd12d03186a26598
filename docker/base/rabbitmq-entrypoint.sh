#!/usr/bin/env bash
# Starts RabbitMQ as the official image does. The server itself reads RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS,
# RABBITMQ_DEFAULT_VHOST and RABBITMQ_NODENAME from the environment.
set -euo pipefail

readonly cookie_file="$HOME/.erlang.cookie"

# Written before the server starts: a health check that runs as root and comes first would otherwise create
# a cookie that the server may not read.
write_cookie() {
  if [[ -n "${RABBITMQ_ERLANG_COOKIE:-}" ]]; then
    (umask 077 && printf '%s' "$RABBITMQ_ERLANG_COOKIE" >"$cookie_file")
  elif [[ ! -s "$cookie_file" ]]; then
    (umask 077 && head -c 30 /dev/urandom | base64 | tr -d '+/\n' >"$cookie_file")
  fi
}

# A mounted volume can belong to root on its first use.
continue_as_rabbitmq() {
  find "$HOME" ! -user rabbitmq -exec chown rabbitmq '{}' +
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$0" "$@"
}

if [[ "${1:-}" == rabbitmq* ]]; then
  if [[ $EUID -eq 0 ]]; then continue_as_rabbitmq "$@"; fi
  write_cookie
fi
exec "$@"
