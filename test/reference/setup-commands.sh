#!/usr/bin/env bash
# Makes an environment of the `omero` command line with plugins that render, populate and export in DIR/commands, DIR being
# that of the reference server (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/commands
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ]; then
  echo "omero's commands ready: $made"
  exit 0
fi
"$dir/bin/python" -m venv "$made"
# omero-py, Ice and pandas are those of the reference server.
site=lib/$("$dir/bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages
echo "$dir/$site" >"$made/$site/reference.pth"
"$made/bin/pip" install -q --disable-pip-version-check "omero-metadata==0.14.0" "omero-cli-render==0.8.1" "omero-cli-zarr>=0.6,<0.8" \
  omero-cli-duplicate "omero-py==5.23.0"
"$made/bin/python" -c "import omero.cli, omero_metadata.populate, omero_zarr; print('omero commands ready')"
echo "$stamp" >"$made/.ready"
