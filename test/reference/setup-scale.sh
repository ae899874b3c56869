#!/usr/bin/env bash
# Makes an environment with Dask, PySpark and Ray, engines that read tables in parts, in DIR/scale, DIR being that of setup.sh
# (default: .reference at the root). Spark runs on Java 17.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/scale
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ] && [ -x "$made/bin/python" ] && command -v java >/dev/null; then
  echo "Dask, Spark and Ray ready: $made"
  exit 0
fi
if ! command -v java >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openjdk-17-jre-headless >/dev/null
fi
"$dir/bin/python" -m venv "$made"
"$made/bin/pip" install -q --disable-pip-version-check "dask[dataframe]" "pandas<3" pyarrow "pyspark>=4" "ray[data]"
"$made/bin/python" -c "import dask, pyspark, ray; print('Dask, Spark and Ray ready:', dask.__version__, pyspark.__version__, ray.__version__)"
echo "$stamp" >"$made/.ready"
