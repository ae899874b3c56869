#!/usr/bin/env bash
# Makes the environment of OMERO.web in DIR/web, DIR being that of the reference server (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
web=$dir/web
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$web/.ready" ] && [ "$(cat "$web/.ready")" = "$stamp" ]; then
  echo "OMERO.web ready: $web"
  exit 0
fi
"$dir/bin/python" -m venv "$web"
# omero-py and Ice are those of the reference server: compiling them again takes ten minutes.
site=lib/$("$dir/bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages
echo "$dir/$site" >"$web/$site/reference.pth"
"$web/bin/pip" install -q --disable-pip-version-check "omero-web==5.33.*"
"$web/bin/python" -c "import django, omero, omeroweb; print('OMERO.web ready: Django', django.get_version())"
echo "$stamp" >"$web/.ready"
