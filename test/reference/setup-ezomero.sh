#!/usr/bin/env bash
# Fetches the tests of ezomero, which come with its source package alone, into DIR/ezomero, DIR being that of the reference
# server (default: .reference at the root), and makes an environment there that runs them.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${OMERO2FRAME_REFERENCE:-$root/.reference}}
made=$dir/ezomero
stamp=$(sha1sum "$0" | cut -c1-40)
if [ -f "$made/.ready" ] && [ "$(cat "$made/.ready")" = "$stamp" ]; then
  echo "ezomero's tests ready: $made"
  exit 0
fi
"$dir/bin/python" -m venv "$made"
# ezomero itself, omero-py and Ice are those of the reference server.
site=lib/$("$dir/bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages
echo "$dir/$site" >"$made/$site/reference.pth"
"$made/bin/pip" install -q --disable-pip-version-check "pytest==8.*"
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
release=$("$made/bin/python" -c 'from importlib.metadata import version; print(version("ezomero"))')
"$made/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary ezomero -d "$fetched" "ezomero==$release"
tar -xzf "$fetched"/ezomero-*.tar.gz -C "$fetched"
rm -rf "$made/tests"
mv "$fetched/ezomero-$release/tests" "$made/tests"
echo "ezomero's tests ready: ezomero $release"
echo "$stamp" >"$made/.ready"
