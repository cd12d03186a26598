#!/usr/bin/env bash
# Makes sure that base images exist locally under their official names.
#
#   docker/base-images.sh [image ...]    default: postgres:17 rabbitmq:4-management node:24-slim
#
# An image that is present is left alone. Where a registry answers, the official image is pulled. Where none does, a
# stand-in for development and tests is built from Debian and npm packages (docker/base/), so that the same compose file
# and the same tests run in both places. `docker image ls --filter label=posthorn.stand-in` lists the stand-ins.
set -euo pipefail
# shellcheck source=docker/engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/engine.sh" # also makes the root of the repository the current directory

readonly default_images=(postgres:17 rabbitmq:4-management node:24-slim)
readonly debian_image=debian:trixie-slim
readonly debian_release=trixie
readonly registry_deadline_s=20
readonly recipes=docker/base

# Asked once for a whole run: waiting for the same silence again teaches nothing.
registry_is_silent=false
work_dir=

ensure_image() { # image
  if is_present "$1"; then return; fi
  if pull "$1"; then return; fi
  build_stand_in "$1"
}

is_present() { docker image inspect "$1" >/dev/null 2>&1; }

# The deadline is for the registry's first answer only: the layers after it may take as long as the line needs.
pull() { # image
  local log="$work_dir/pull.log" deadline=$((SECONDS + registry_deadline_s)) pid reason
  if $registry_is_silent; then return 1; fi
  say "pulling $1 …"
  : >"$log" # the loop below may look before docker has written anything
  docker pull "$1" >"$log" 2>&1 </dev/null 9>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && ! grep -q 'Pulling from' "$log"; do
    if ((SECONDS >= deadline)); then kill "$pid"; fi
    sleep 0.2
  done
  if wait "$pid" 2>/dev/null; then return; fi
  registry_is_silent=true
  reason=$(tail -n 1 "$log" | grep .) || reason='no answer'
  say "no image from a registry (${reason##*: }): building stand-ins from Debian packages"
  return 1
}

build_stand_in() { # image
  if [[ "$1" != "$debian_image" ]]; then ensure_image "$debian_image"; fi
  case "$1" in
    "$debian_image") build_debian ;;
    postgres:17) build_from "$1" postgres ;;
    rabbitmq:4-management) build_from "$1" rabbitmq ;;
    node:24-slim) build_node "$1" ;;
    *) die "$1 cannot be pulled, and $recipes has no stand-in for it" ;;
  esac
}

build_from() { # image recipe [argument... context]
  local image="$1" recipe="$2"
  shift 2
  say "building a stand-in for $image …"
  docker_build "$recipe" --tag "$image" --file "$recipes/$recipe.Dockerfile" "${@:-$recipes}"
}

build_node() { # image
  local context="$work_dir/node" certificates=
  say 'fetching node and npm (npm) …'
  collect_node "$context"
  # Where this machine's Node has to trust a certificate authority of its own, as behind an inspecting proxy, npm in the
  # container has to as well.
  if [[ -r "${NODE_EXTRA_CA_CERTS:-}" ]]; then
    cp -L "$NODE_EXTRA_CA_CERTS" "$context/certificates/extra.pem"
    certificates=/usr/local/share/node-certificates/extra.pem
  fi
  build_from "$1" node --build-arg "NODE_EXTRA_CA_CERTS=$certificates" "$context"
}

# The classic builder needs no plugin and takes a local base image without asking a registry for a newer one.
# The host's network, because address translation for bridged containers is the first thing that a sandbox lacks.
docker_build() { # log-name argument...
  local log="$1" proxies=() name
  shift
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [[ -n "${!name:-}" ]]; then proxies+=(--build-arg "$name"); fi
  done
  DOCKER_BUILDKIT=0 quietly "build-$log" docker build --network host ${proxies[@]+"${proxies[@]}"} "$@"
}

# Node is not in Debian in this version, but npm carries it, and asks whichever registry this machine is set up to use.
collect_node() { # directory
  local architecture package
  case "$(dpkg --print-architecture)" in
    amd64) architecture=x64 ;;
    arm64) architecture=arm64 ;;
    *) die 'node:24-slim has a stand-in for amd64 and arm64 only' ;;
  esac
  mkdir -p "$1/node" "$1/npm" "$1/certificates"
  cp "$recipes"/node-* "$1"
  quietly npm-pack npm pack --silent --pack-destination "$1" "node-linux-$architecture@24" npm@11
  for package in node npm; do
    tar -xzf "$(find "$1" -maxdepth 1 -name "$package-*.tgz")" -C "$1/$package" --strip-components=1 --no-same-owner
  done
}

build_debian() {
  local root="$work_dir/debian"
  require_debootstrap
  say "building a stand-in for $debian_image (debootstrap) …"
  quietly debootstrap debootstrap --variant=minbase "$debian_release" "$root" "$(debian_mirror)"
  make_slim "$root"
  tar -C "$root" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . |
    quietly_import "$debian_image"
}

quietly_import() { # image
  docker import --change 'CMD ["bash"]' --change 'LABEL posthorn.stand-in=debian' - "$1" >/dev/null
}

require_debootstrap() {
  if ! can_install_packages; then
    die 'no registry answers, and stand-ins can be built on Debian or Ubuntu as root only'
  fi
  if command -v debootstrap >/dev/null; then return; fi
  say 'installing debootstrap (apt) …'
  # The keyring, because Ubuntu does not trust Debian's archive by itself.
  install_packages debootstrap debian-archive-keyring
}

# The mirror that this machine's apt uses, if it is a Debian machine. The release filter leaves third-party sources out.
debian_mirror() {
  local mirror=
  # shellcheck source=/dev/null
  if [[ "$(source /etc/os-release && echo "$ID")" == debian ]]; then
    # shellcheck disable=SC2016 # apt fills these in
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
      awk -v release="$(source /etc/os-release && echo "$VERSION_CODENAME")" \
        '$1 ~ "^https?://.*/debian(/|$)" && $2 == release && $3 == "main" && !seen++ { print $1 }')
  fi
  echo "${mirror:-http://deb.debian.org/debian}"
}

# What the official slim image does too: no services started by a package's installation, no manuals, no fsync per file.
make_slim() { # root
  printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
  chmod 0755 "$1/usr/sbin/policy-rc.d"
  printf 'force-unsafe-io\npath-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\n' >"$1/etc/dpkg/dpkg.cfg.d/docker"
  printf 'Acquire::Languages "none";\n' >"$1/etc/apt/apt.conf.d/docker"
  rm -rf "$1"/usr/share/{doc,man}/* "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb
}

# One file system only: after an interruption debootstrap may have left a mount behind.
remove_work_dir() { rm -rf --one-file-system "$work_dir"; }

all_present() {
  local image
  for image in "$@"; do is_present "$image" || return 1; done
}

main() {
  local image
  if (($# == 0)); then set -- "${default_images[@]}"; fi
  if ! engine_answers; then die 'no engine answers: docker/engine.sh starts one'; fi
  if all_present "$@"; then return; fi
  # Only machines with flock can build stand-ins; others only pull, and the engine itself sorts out two equal pulls.
  if command -v flock >/dev/null; then take_lock base-images; fi
  umask 022 # the modes of the directories made here become modes inside the images
  work_dir=$(mktemp -d)
  trap remove_work_dir EXIT
  for image in "$@"; do ensure_image "$image"; done
}

main "$@"
