#!/usr/bin/env bash
# Makes sure that a Docker engine answers.
#
#   docker/engine.sh         start one if none answers (on Debian and Ubuntu, as root, it installs one first)
#   docker/engine.sh stop    stop the engine that this script started, and no other
#
# For machines without an init system, such as a sandboxed VM. Where the engine is a system service it already answers,
# and this script does nothing. base-images.sh borrows the small functions at the top.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly state_dir="${POSTHORN_STATE:-.posthorn}/docker"
readonly pid_file="$state_dir/dockerd.pid"
readonly log_file="$state_dir/dockerd.log"
readonly start_deadline_s=60
readonly stop_deadline_s=60

say() { printf 'docker: %s\n' "$*"; }

die() {
  printf 'docker: %s\n' "$*" >&2
  exit 1
}

# Installers and builds print pages that matter only when they fail.
quietly() { # log-name command...
  local log="$state_dir/$1.log"
  shift
  mkdir -p "$state_dir"
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 30 "$log" >&2
  die "failed: $* (all of its output is in $log)"
}

# Two starts at the same moment must not install or build the same thing twice. Kept until the script ends.
take_lock() { # name
  mkdir -p "$state_dir"
  exec 9>"$state_dir/$1.lock"
  flock 9
}

can_install_packages() { [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; }

install_packages() {
  # A broken third-party source must not stop an installation that does not need it, so only the install step decides.
  apt-get update >/dev/null 2>&1 </dev/null || true
  DEBIAN_FRONTEND=noninteractive quietly apt apt-get install --yes --no-install-recommends "$@"
}

engine_answers() { docker info >/dev/null 2>&1; }

install_engine() {
  # The build of the stand-in images needs debootstrap: one apt run is quicker than two.
  if ! command -v dockerd >/dev/null; then
    say 'installing the engine (apt) …'
    install_packages docker.io containerd runc iptables debootstrap
  fi
  # Newer releases keep the client in a package of its own.
  if ! command -v docker >/dev/null; then
    say 'installing the client (apt) …'
    install_packages docker-cli
  fi
}

# A zombie has no readable exe and a recycled number has another one, so this is safer than `kill -0`.
runs() { # pid program
  local exe
  exe=$(readlink "/proc/$1/exe" 2>/dev/null) || return 1
  exe=${exe% (deleted)} # after an upgrade of the package
  [[ "${exe##*/}" == "$2" ]]
}

# After a hard stop of the machine these files can name a process that is now something else,
# and the engine then refuses to start or waits in vain for its containerd.
forget_stale_pid() { # pid-file program
  local pid
  [[ -s "$1" ]] || return 0
  pid=$(<"$1")
  runs "$pid" "$2" || rm -f "$1"
}

start_engine() {
  say 'starting the engine …'
  forget_stale_pid /var/run/docker.pid dockerd
  forget_stale_pid /var/run/docker/containerd/containerd.pid containerd
  mkdir -p "$state_dir"
  # A session of its own, so that neither Ctrl-C nor the end of the calling terminal reaches it.
  # It must not inherit the lock either, or it would hold it for as long as it lives.
  # Without the proxy of published ports: it copies every byte once more, which costs a fifth of a processor under load.
  setsid nohup dockerd --userland-proxy=false >"$log_file" 2>&1 </dev/null 9>&- &
  echo $! >"$pid_file"
  wait_until_it_answers $!
}

wait_until_it_answers() { # pid
  local deadline=$((SECONDS + start_deadline_s))
  until engine_answers; do
    sleep 0.5
    if ! kill -0 "$1" 2>/dev/null; then give_up 'the engine stopped while starting'; fi
    if ((SECONDS >= deadline)); then give_up "the engine did not answer within $start_deadline_s s"; fi
  done
}

give_up() { # reason
  tail -n 30 "$log_file" >&2
  stop_own_engine
  die "$1 (its log is $log_file)"
}

stop_own_engine() {
  local pid deadline=$((SECONDS + stop_deadline_s))
  [[ -s "$pid_file" ]] || return 0
  pid=$(<"$pid_file")
  runs "$pid" dockerd && kill -TERM "$pid"
  while runs "$pid" dockerd; do
    if ((SECONDS >= deadline)); then die "the engine (process $pid) did not stop within $stop_deadline_s s"; fi
    sleep 0.2
  done
  rm -f "$pid_file"
}

ensure_engine() {
  if engine_answers; then return; fi
  if [[ -n "${DOCKER_HOST:-}" ]]; then
    die "no engine answers at DOCKER_HOST=$DOCKER_HOST: correct it, or unset it to use a local engine"
  fi
  if ! can_install_packages; then
    die 'no engine answers: install Docker and start it (Debian: apt-get install docker.io), and let this user talk to it'
  fi
  take_lock engine
  # It may have been started while this process waited for the lock, or by the package's own service.
  if engine_answers; then return; fi
  install_engine
  if engine_answers; then return; fi
  start_engine
}

stop() {
  if [[ ! -s "$pid_file" ]]; then
    say 'nothing to stop: no engine was started from here'
    return
  fi
  say 'stopping the engine …'
  stop_own_engine
}

main() {
  case "${1:-start}" in
    start) ensure_engine ;;
    stop) stop ;;
    *) die "unknown command '$1': use no argument, or stop" ;;
  esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
