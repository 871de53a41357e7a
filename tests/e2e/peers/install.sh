#!/bin/sh
# Puts the peers named (all without names) into a cache outside the repository, with what their lock files pin.
# Prints the cache folder. Done before: a matter of milliseconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${MCPSONDE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mcpsonde-ci/peers}

# Debian 12's cargo, 1.63, is too old for the lock file.
new_cargo() {
  case $(cargo --version 2>/dev/null) in
    '' | "cargo 1."?.* | "cargo 1."[1-6]?.* | "cargo 1.7"[0-7].*) return 1 ;;
  esac
}

if [ $# -eq 0 ]; then
  set -- typescript1 typescript2 python1 python2 bluerock fastmcp fastmcp2 fastmcp3 native go gosdk bun node16 collector
  if new_cargo; then set -- "$@" rustls; fi
  if ldconfig -p | grep -q libclickhouse; then set -- "$@" clickhouse; fi
  if apt-cache show prometheus >/dev/null 2>&1; then set -- "$@" prometheus; fi
  if apt-cache show nats-server >/dev/null 2>&1; then set -- "$@" nats; fi
fi
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9

fresh() { # files...: true if the stamp says that they are installed
  stamp="$target/.installed"
  sum=$(cat "$@" | sha256sum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]
}

# Go 1.21 and later get the Go that a module asks for by themselves. For Debian 12's, 1.19, it is got here.
newer_go() {
  case $(go env GOVERSION) in
    go1.1[0-9]* | go1.20*) ;;
    *)
      echo go
      return
      ;;
  esac
  got=$(cd / && go mod download -json "golang.org/toolchain@v0.0.1-go1.25.5.$(go env GOOS)-$(go env GOARCH)") || return
  root=$(echo "$got" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  chmod -R u+w "$root" && chmod -R +x "$root/bin" "$root/pkg/tool"
  echo "$root/bin/go"
}

for peer; do
  source="$here/$peer" target="$cache/$peer"
  mkdir -p "$target"
  case $peer in
    typescript* | bun | node16)
      cp "$source"/* "$here"/*truth.mjs "$target"
      fresh "$source/package-lock.json" ||
        (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
      ;;
    python* | fastmcp* | bluerock)
      cp "$source"/* "$here"/*truth.py "$target"
      fresh "$source/requirements.txt" || {
        python3 -m venv --clear "$target/venv"
        "$target/venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$source/requirements.txt" >&2
      }
      ;;
    native) fresh "$source"/*.c || make -s -C "$source" OUT="$target" >&2 ;;
    go) fresh "$source"/* || (cd "$source" && go build -o "$target/pair" . >&2) ;;
    rustls)
      fresh "$source"/Cargo.* "$source"/src/* || {
        cargo build --quiet --release --locked --manifest-path "$source/Cargo.toml" --target-dir "$target/build" >&2
        cp "$target/build/release/mcpsonde-peer-rustls" "$target/talk"
        rm -r "$target/build"
      }
      ;;
    clickhouse | prometheus | nats)
      fresh "$here/install.sh" || { # the program alone, as the package would start a service
        case $peer in prometheus) package=prometheus ;; *) package=$peer-server ;; esac
        (cd "$target" && rm -f ./*.deb && apt-get download -qq "$package" && dpkg-deb -x ./*.deb .) >&2
        rm "$target"/*.deb
      }
      ;;
    gosdk) fresh "$source"/* || (go=$(newer_go) && cd "$source" && "$go" build -o "$target/peer" . >&2) ;;
    collector)
      fresh "$source/builder.yaml" || {
        go=$(newer_go)
        GOBIN="$target" "$go" install go.opentelemetry.io/collector/cmd/builder@v0.155.0 >&2
        (cd "$target" && PATH="$(dirname "$(command -v "$go")"):$PATH" ./builder --config "$source/builder.yaml" >&2)
        mv "$target/build/collector" "$target/collector"
        rm -r "$target/build" "$target/builder"
      }
      ;;
    *)
      echo "no such peer: $peer" >&2
      exit 2
      ;;
  esac
  echo "$sum" >"$stamp"
done
echo "$cache"
