#!/usr/bin/env sh
# Runs all tests. Installs Prometheus first where it is missing and this machine has apt-get;
# elsewhere the tests that need it say so and step aside.
set -eu
cd "$(dirname "$0")"

if ! command -v prometheus >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends prometheus || true
fi

exec cargo test --locked "$@"
