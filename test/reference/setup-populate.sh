#!/usr/bin/env bash
# Makes the environment of `omero metadata populate` in DIR/populate, DIR being that of the reference server (default: .reference
# at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
populate=$dir/populate
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$populate/.ready" ] && [ "$(cat "$populate/.ready")" = "$stamp" ]; then
  echo "omero-metadata ready: $populate"
  exit 0
fi
"$dir/bin/python" -m venv "$populate"
# omero-py, Ice and pandas are those of the reference server.
site=lib/$("$dir/bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages
echo "$dir/$site" >"$populate/$site/reference.pth"
"$populate/bin/pip" install -q --disable-pip-version-check "omero-metadata==0.14.0"
"$populate/bin/python" -c "import omero_metadata.populate, pandas; print('omero-metadata ready: pandas', pandas.__version__)"
echo "$stamp" >"$populate/.ready"
