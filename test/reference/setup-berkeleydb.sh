#!/usr/bin/env bash
# Makes an environment with Berkeley DB, which EMAN2 kept its databases in, in DIR/berkeleydb, DIR being that of setup.sh
# (default: .reference at the root).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/berkeleydb
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ] && [ -e "$(readlink -f "$made/bin/python")" ]; then
  echo "Berkeley DB ready: $made"
  exit 0
fi
if ! dpkg -s libdb5.3-dev >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libdb5.3-dev >/dev/null
fi
"$dir/bin/python" -m venv "$made"
# The last releases for these versions of Python; newer ones refuse them.
case $("$made/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') in
  3.9) release=18.1.14 ;;
  *) release=18.1.15 ;;
esac
BERKELEYDB_DIR=/usr "$made/bin/pip" install -q --disable-pip-version-check "berkeleydb==$release"
"$made/bin/python" -c "from berkeleydb import db; print('Berkeley DB ready:', db.version())"
echo "$stamp" >"$made/.ready"
