#!/usr/bin/env bash
# Makes an environment with the newest TileDB-Py beside the reference environment, whose TileDB-Py omero2pandas pins.
# DIR is that of setup.sh (default: .reference at the root of the project).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
newest=$dir/newest-tiledb
stamp=$(sha1sum "$0" | cut -c1-40)
if [ ! -f "$newest/.ready" ] || [ "$(cat "$newest/.ready")" != "$stamp" ]; then
  [ -x "$dir/bin/python" ] || { echo "no reference environment: run test/reference/setup.sh first" >&2; exit 3; }
  [ -x "$newest/bin/python" ] || "$dir/bin/python" -m venv "$newest"
  # TileDB-Py 0.36 does not work with pandas 3.
  "$newest/bin/pip" install -q --disable-pip-version-check --upgrade tiledb "pandas<3" pyarrow
  echo "$stamp" >"$newest/.ready"
fi
echo "$newest/bin/python"
