#!/bin/sh
# Installs the scanner from this archive into a folder, with no network and no administrator: sh install.sh FOLDER
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

[ $# -eq 1 ] && [ -n "$1" ] || fail "name the folder to install into: sh install.sh FOLDER" 2
case $1 in -*) fail "there is no option $1: sh install.sh FOLDER" 2 ;; esac

# What is to be installed is what was packed: every file is listed and whole, and none came in.
cd "$here"
[ -f SHA256SUMS ] || fail "SHA256SUMS is missing: unpack the archive again"
if command -v sha256sum >/dev/null 2>&1; then check="sha256sum"; else check="shasum -a 256"; fi
$check -c SHA256SUMS >/dev/null 2>&1 || fail "a file is not as it was packed: $($check -c SHA256SUMS 2>/dev/null | grep -v ': OK$' | head -n 1)"
listed=$(sed 's/^[0-9a-f]*  //' SHA256SUMS | LC_ALL=C sort)
present=$(find . ! -type d ! -name SHA256SUMS | LC_ALL=C sort)
[ "$listed" = "$present" ] || fail "there are files in this folder that were not packed: unpack the archive anew, into an empty folder"

wanted=$(cat python-version)
python=""
for candidate in "python$wanted" python3; do
  if command -v "$candidate" >/dev/null 2>&1 &&
    [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$wanted" ]; then
    python=$(command -v "$candidate")
    break
  fi
done
[ -n "$python" ] || fail "Python $wanted is needed, for which these packages were built, and is not in PATH"
found=$("$python" -c 'import sysconfig; print(sysconfig.get_platform().replace("-", "_").replace(".", "_"))')
[ "$found" = "$(cat platform)" ] || fail "this archive is for $(cat platform), and this machine is $found"

cd "$OLDPWD"
mkdir -p "$1" 2>/dev/null || fail "$1 cannot be made"
folder=$(CDPATH='' cd -- "$1" && pwd -P)
if [ -f "$folder/.media-provenance-scanner" ]; then
  rm -rf "$folder/venv" "$folder/exiftool" "$folder/bin" "$folder/share"
elif [ -n "$(ls -A "$folder")" ]; then
  fail "$folder is not empty and holds no installation of the scanner: name another" 2
fi
[ -w "$folder" ] || fail "$folder cannot be written to"
cp "$here/python-version" "$folder/.media-provenance-scanner"

# Neither the user's nor the machine's settings of pip and Python have a part in this. --without-pip: Debian ships the rest of
# venv in a package that only an administrator can install.
for name in $(env | sed -En 's/^(PIP_[A-Z_]*|PYTHON[A-Z]*)=.*/\1/p'); do unset "$name"; done
"$python" -I -m venv --without-pip "$folder/venv"
set -- "$here"/pip/pip-*.whl
"$folder/venv/bin/python" "$1/pip" --isolated --disable-pip-version-check install --quiet --no-index --no-deps --no-cache-dir \
  --no-warn-script-location "$here"/wheels/*.whl
[ ! -d "$here/exiftool" ] || cp -R "$here/exiftool" "$folder/exiftool"
mkdir -p "$folder/bin" "$folder/share/man/man1" "$folder/share/bash-completion/completions"
cp "$here/man/scanner.1" "$folder/share/man/man1/"
cp "$here/README.txt" "$here/LICENSE" "$folder/share/"

quoted=$(printf '%s' "$folder" | sed "s/'/'\\\\''/g")
cat >"$folder/bin/scanner" <<LAUNCHER
#!/bin/sh
# The bundled ExifTool is found by name; --exiftool, SCANNER_EXIFTOOL and scanner.toml still choose another.
folder='$quoted'
[ ! -x "\$folder/exiftool/bin/exiftool" ] || PATH="\$folder/exiftool/bin:\$PATH"
export PATH
unset PYTHONPATH PYTHONHOME
exec "\$folder/venv/bin/python" -P -m scanner "\$@"
LAUNCHER
chmod 755 "$folder/bin/scanner"
"$folder/bin/scanner" completion bash >"$folder/share/bash-completion/completions/scanner"

echo "$("$folder/bin/scanner" --version) is installed: $folder/bin/scanner"
if "$folder/bin/scanner" doctor >"$folder/share/doctor.txt" 2>&1; then
  echo "It works here. To uninstall, remove $folder"
else
  echo "It cannot scan yet. \`$folder/bin/scanner doctor\` says why:"
  grep -E 'MISSING|FAILED|WRONG' "$folder/share/doctor.txt" || cat "$folder/share/doctor.txt"
fi
