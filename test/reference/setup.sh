#!/usr/bin/env bash
# Makes the environment of the reference server and of the peers in DIR (default: .reference at the root of the project).
# zeroc-ice 3.6.5 needs Python 3.10 or 3.9 and compiles for some ten minutes; pip takes a wheel instead where
# PIP_FIND_LINKS names a folder that holds one.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-$root/.reference}
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$dir/.ready" ] && [ "$(cat "$dir/.ready")" = "$stamp" ] && command -v glacier2router >/dev/null; then
  echo "reference ready: $dir"
  exit 0
fi
python=
for candidate in python3.10 "$HOME"/.pyenv/versions/3.10.*/bin/python python3.9 "$HOME"/.pyenv/versions/3.9.*/bin/python; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 9), (3, 10)))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "reference: needs Python 3.10 or 3.9 (zeroc-ice 3.6 does not build on newer ones)" >&2; exit 3; }
if ! command -v glacier2router >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq zeroc-glacier2 libbz2-dev libssl-dev >/dev/null
fi
[ -x "$dir/bin/python" ] || "$python" -m venv "$dir"
"$dir/bin/pip" install -q --disable-pip-version-check "zeroc-ice==3.6.5" "omero-py==5.23.0" "omero2pandas==0.4.2" \
  "tables<3.11" "pandas<3" "tiledb>=0.33.2,<0.34.1" pyarrow "ezomero[tables]" omero-user-token requests \
  h5py mrcfile
"$dir/bin/python" -c "import Ice, omero, tables, omero2pandas, ezomero, tiledb, h5py, mrcfile; print('reference ready: Ice', Ice.stringVersion(), 'PyTables', tables.__version__)"
echo "$stamp" >"$dir/.ready"
