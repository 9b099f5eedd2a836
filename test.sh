#!/usr/bin/env sh
# Runs all tests. Installs Prometheus and strace first where one is missing and this machine has apt-get;
# elsewhere the tests that need them say so and step aside.
set -eu
cd "$(dirname "$0")"

has() { command -v "$1" >/dev/null 2>&1; }
if has apt-get && ! { has prometheus && has strace; }; then
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends prometheus strace || true
fi

# Most tests wait for a condition, and may do so beside each other.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-4}"
exec cargo test --locked "$@"
