# Sourced by demo.sh and test.sh: finds Python, installs what the system lacks, makes .venv.
# Usage: prepare EXTRAS   (for example: prepare heif,timeline,test)
set -eu

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_system_packages() {
  wanted=""
  command -v exiftool >/dev/null 2>&1 || wanted="libimage-exiftool-perl"
  # Debian ships Python's venv in a package of its own.
  "$python" -c 'import ensurepip' 2>/dev/null || wanted="$wanted $(basename "$(readlink -f "$python")")-venv"
  [ -n "$wanted" ] || return 0
  if command -v apt-get >/dev/null 2>&1; then
    echo "installing:$wanted" | tr -s ' '
    as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
  elif command -v brew >/dev/null 2>&1; then
    brew install exiftool
  else
    echo "please install ExifTool (https://exiftool.org) and run this again" >&2
    return 1
  fi
}

prepare() {
  python=$(find_python) || {
    echo "Python 3.11, 3.12 or 3.13 is needed (Debian 12: apt install python3 · macOS: brew install python@3.12)" >&2
    exit 1
  }
  install_system_packages
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".[$1]"
}
