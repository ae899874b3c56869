#!/usr/bin/env bash
# Sees to a redis-server, which queues of bulk jobs are tested on, and Snakemake in DIR/snakemake, DIR being that of setup.sh
# (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/snakemake
stamp=$(sha1sum "$0" | cut -c1-40)
if ! command -v redis-server >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server >/dev/null
fi
redis-server --version
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ] && [ -x "$made/bin/python" ]; then
  echo "Snakemake ready: $made"
  exit 0
fi
python3 -m venv "$made"
"$made/bin/pip" install -q --disable-pip-version-check snakemake
"$made/bin/snakemake" --version
echo "$stamp" >"$made/.ready"
