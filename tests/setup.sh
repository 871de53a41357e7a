#!/bin/sh
# Gets what all the tests use, on Debian and Ubuntu: compilers, vitest for Node, the peers of the end-to-end tests.
# Downloads are kept in ~/.cache, so a second run takes milliseconds. With --check it only tells, by its exit code,
# whether anything is missing.
set -eu
cd "$(dirname "$0")/.."

# What a program comes from; a program that is there already, from wherever, is used.
wanted() {
  echo clang-14 llvm-14 lld-14 libbpf-dev libbpf1 liburing-dev shellcheck make git python3-venv util-linux
  command -v gcc >/dev/null || echo gcc libc6-dev
  command -v curl >/dev/null || echo curl
  command -v ip >/dev/null || echo iproute2
  command -v tmux >/dev/null || echo tmux
  command -v openssl >/dev/null || echo openssl
  ldconfig -p | grep -q libcurl-gnutls || echo libcurl3-gnutls
  command -v go >/dev/null || echo golang-go
  command -v npm >/dev/null || echo nodejs npm
  # Ubuntu's package of this name is a snap, which cannot be had in a container.
  grep -q '^ID=debian' /etc/os-release && { command -v chromium >/dev/null || echo chromium fonts-noto-core; }
  true
}

missing=
for package in $(wanted); do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
stamp=node_modules/.mcpsonde-installed
node_current() { [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; }

if [ "${1:-}" = --check ]; then
  [ -z "$missing" ] && node_current && [ -d "${MCPSONDE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mcpsonde-ci/peers}" ]
  exit
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if [ -n "$missing" ]; then
  echo "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
# Not in every release; the tests that want it are skipped without it. The server's package would start a service, so the
# tests take its program out of it (tests/e2e/peers/install.sh); what that needs is here.
optional="clickhouse-common"
if ! dpkg-query -W -f '${Status}' "$optional" 2>/dev/null | grep -q 'install ok installed' &&
  apt-cache show "$optional" >/dev/null 2>&1; then
  echo "installing $optional"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get install -y -qq --no-install-recommends "$optional" >/dev/null || echo "it cannot be installed" >&2
fi
if ! node_current; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi
tests/e2e/peers/install.sh >/dev/null
