#!/bin/sh
# Locks what the program imports in deno.lock and what its tests import besides in tests/deno.lock. Deno downloads
# everything that a lock file names, so the two are kept apart. Without --write it only tells whether they are current.
set -eu
cd "$(dirname "$0")/../.."
DENO=${DENO:-deno}

if [ "${1:-}" = "--write" ]; then
  rm -f deno.lock tests/deno.lock
  "$DENO" cache -q --lock=deno.lock mod.ts cli.ts
  git ls-files -z --cached --others --exclude-standard -- '*.ts' '*.tsx' | xargs -0 "$DENO" cache -q --lock=tests/deno.lock
  exit
fi
"$DENO" cache -q --lock=deno.lock --frozen mod.ts cli.ts
if grep -E '"(vitest|@vitest/[a-z]+|chai|fast-check)@' deno.lock; then
  echo "deno.lock names what only tests need; run: deno task lock" >&2
  exit 1
fi
