#!/usr/bin/env bash
# Makes an environment with the programs that files are exchanged with, in DIR/files, DIR being that of setup.sh
# (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/files
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ]; then
  echo "readers of files ready: $made"
  exit 0
fi
"$dir/bin/python" -m venv "$made"
"$made/bin/pip" install -q --disable-pip-version-check polars duckdb pyarrow "pandas<3" "tables<3.11" "tiledb>=0.33.2,<0.34.1"
"$made/bin/python" -c "import duckdb, polars, pyarrow, tables, tiledb; print('readers of files ready: polars', polars.__version__, 'DuckDB', duckdb.__version__)"
echo "$stamp" >"$made/.ready"
