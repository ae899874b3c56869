#!/usr/bin/env bash
# Installs Debian's Chromium, which OMERO.web's pages are looked at with.
set -euo pipefail
if ! command -v chromium >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
echo "browser ready: $(chromium --version 2>/dev/null)"
