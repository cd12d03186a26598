#!/usr/bin/env bash
# Makes sure that `docker compose` and its builder, `docker buildx`, are there.
#
#   docker/compose-plugin.sh
#
# Docker Desktop and Docker's own packages bring both, and this script does nothing. Older releases of Debian and Ubuntu
# have them in no package: there, as root, the plugins of a newer Debian are unpacked. They need nothing but the C library.
set -euo pipefail
# shellcheck source=docker/engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/engine.sh" # also makes the root of the repository the current directory

readonly debian_image=debian:trixie-slim
readonly plugins=(docker-compose docker-buildx) # the packages' names, and the programs'
readonly plugin_dir=/usr/libexec/docker/cli-plugins
work_dir=

are_there() { docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }

# The host's network for the reason that base-images.sh has.
unpack_packages() { # directory
  # shellcheck disable=SC2016 # the shell in the container fills these in
  quietly compose-plugin docker run --rm --network host \
    --env http_proxy --env https_proxy --env no_proxy --volume "$1:/unpacked" "$debian_image" \
    bash -ec 'cd /tmp; apt-get update; apt-get download "$@"; for package in *.deb; do dpkg-deb -x "$package" /unpacked; done' \
    bash "${plugins[@]}"
}

remove_work_dir() { rm -rf "$work_dir"; }

main() {
  if are_there; then return; fi
  if ! can_install_packages; then
    die 'install the plugins compose and buildx: https://docs.docker.com/compose/install/linux/'
  fi
  take_lock compose-plugin
  if are_there; then return; fi
  docker/base-images.sh "$debian_image"
  say 'fetching docker compose and docker buildx (apt) …'
  work_dir=$(mktemp -d)
  trap remove_work_dir EXIT
  unpack_packages "$work_dir"
  install -D --mode=0755 --target-directory="$plugin_dir" "${plugins[@]/#/$work_dir$plugin_dir/}"
  are_there || die "the plugins in $plugin_dir do not run on this machine"
}

main "$@"
