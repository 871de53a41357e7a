#!/bin/sh
# Puts the peers named (all without names) into a cache outside the repository, with what their lock files pin.
# Prints the cache folder. Done before: a matter of milliseconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${MCPSONDE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mcpsonde-ci/peers}
[ $# -gt 0 ] || set -- typescript1 typescript2 python1 python2 fastmcp native go
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9

fresh() { # files...: true if the stamp says that they are installed
  stamp="$target/.installed"
  sum=$(cat "$@" | sha256sum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]
}

for peer; do
  source="$here/$peer" target="$cache/$peer"
  mkdir -p "$target"
  case $peer in
    typescript*)
      cp "$source"/* "$here/truth.mjs" "$target"
      fresh "$source/package-lock.json" ||
        (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
      ;;
    python* | fastmcp)
      cp "$source"/* "$here/truth.py" "$target"
      fresh "$source/requirements.txt" || {
        python3 -m venv --clear "$target/venv"
        "$target/venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$source/requirements.txt" >&2
      }
      ;;
    native) fresh "$source"/*.c || make -s -C "$source" OUT="$target" >&2 ;;
    go) fresh "$source"/* || (cd "$source" && go build -o "$target/pair" . >&2) ;;
    *)
      echo "no such peer: $peer" >&2
      exit 2
      ;;
  esac
  echo "$sum" >"$stamp"
done
echo "$cache"
