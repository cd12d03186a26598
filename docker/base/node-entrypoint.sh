#!/bin/sh
# As in the official image, an option or a file that is no command is meant for node.
set -e
case "$1" in
  -*) set -- node "$@" ;;
  *) command -v "$1" >/dev/null || set -- node "$@" ;;
esac
exec "$@"
