#!/bin/sh
# deno check, in two parts: a file that knows the browser's types makes all files of one run know them, and some of these
# say the same in another way than Deno's.
set -eu
cd "$(dirname "$0")/../.."
deno=${DENO:-deno}
browser='^sinks/serve/web/|^tests/sinks/serve/web/|^tests/e2e/_page/|^tests/e2e/page_|^bench/_?page'

files() {
  git ls-files --cached --others --exclude-standard -- '*.ts' '*.tsx' | grep -v '^tests/e2e/peers/typescript' |
    while read -r file; do [ ! -e "$file" ] || echo "$file"; done | sort -u
}

files | grep -Ev "$browser" | tr '\n' '\0' | xargs -0 "$deno" check --lock=tests/deno.lock
files | grep -E "$browser" | tr '\n' '\0' | xargs -0 "$deno" check --lock=tests/deno.lock
