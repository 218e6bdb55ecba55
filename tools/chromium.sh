#!/usr/bin/env bash
# Browser tests need Debian's Chromium: installed when we may, otherwise they skip and say so.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
else
  echo "chromium is not installed: the browser tests will be skipped" >&2
fi
