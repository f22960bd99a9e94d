#!/bin/sh
# Builds an archive that installs the scanner without network and without administrator: wheels of the scanner and of all that
# it needs for this Python and this kind of machine, and ExifTool. Needs the network. See docs/offline.md.
#
#   sh scripts/make_bundle.sh [--output FOLDER] [--with-heif] [--exiftool FOLDER | --without-exiftool]
#
# --exiftool FOLDER takes an unpacked ExifTool (the folder that holds `exiftool` and `lib`) in place of npm's or Debian's package.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/scripts/prepare.sh"

output=dist extra="[review]" exiftool=""
while [ $# -gt 0 ]; do
  case $1 in
    --output | --exiftool)
      [ $# -gt 1 ] || { echo "$1 needs a folder" >&2; exit 2; }
      [ "$1" = --output ] && output=$2 || exiftool=$2
      shift ;;
    --with-heif) extra="[heif,review]" ;;
    --without-exiftool) exiftool=none ;;
    *) echo "there is no option $1; see the head of $0" >&2; exit 2 ;;
  esac
  shift
done
[ "$exiftool" = "" ] || [ "$exiftool" = none ] || [ -f "$exiftool/exiftool" ] || {
  echo "$exiftool holds no exiftool" >&2
  exit 2
}

python=$(find_python) || { echo "Python 3.11, 3.12 or 3.13 is needed" >&2; exit 1; }
mkdir -p "$output"
output=$(CDPATH='' cd -- "$output" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(sed -n 's/^VERSION = "\(.*\)"/\1/p' "$root/scanner/model/version.py")
platform=$("$python" -c 'import sysconfig; print(sysconfig.get_platform().replace("-", "_").replace(".", "_"))')
minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
name="media-provenance-scanner-$version-python$minor-$platform"
bundle="$work/$name"
mkdir -p "$bundle/wheels" "$bundle/pip" "$bundle/man"

# A pip of its own, so that nothing depends on what the system's Python brings.
"$python" -m venv "$work/venv"
quiet="--quiet --disable-pip-version-check"
# shellcheck disable=SC2086  # a list of words
{
  "$work/venv/bin/python" -m pip download $quiet --only-binary :all: --no-deps --dest "$bundle/pip" pip
  (cd "$root" && "$work/venv/bin/python" -m pip wheel $quiet --wheel-dir "$bundle/wheels" ".$extra")
}

with_npm() {
  command -v npm >/dev/null 2>&1 || return 1
  (cd "$work" && npm pack --silent exiftool-vendored.pl >/dev/null 2>&1 && tar xzf exiftool-vendored.pl-*.tgz) || return 1
  mv "$work/package" "$bundle/exiftool"
  chmod 755 "$bundle/exiftool/bin/exiftool"
  echo "npm package exiftool-vendored.pl, with the patches that its packager lists in exiftool/patches"
}

with_debian() {
  command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || return 1
  (cd "$work" && apt-get download libimage-exiftool-perl >/dev/null 2>&1 && dpkg-deb -x libimage-exiftool-perl_*.deb debian) || return 1
  mkdir -p "$bundle/exiftool/bin"
  cp "$work/debian/usr/bin/exiftool" "$bundle/exiftool/bin/"
  cp -R "$work/debian/usr/share/perl5" "$bundle/exiftool/bin/lib"
  cp "$work/debian/usr/share/doc/libimage-exiftool-perl/copyright" "$bundle/exiftool/LICENSE"
  echo "Debian package libimage-exiftool-perl"
}

with_folder() {
  mkdir -p "$bundle/exiftool"
  cp -R "$exiftool" "$bundle/exiftool/bin"
  echo "a copy of an ExifTool distribution, as it was"
}

case $exiftool in
  none) origin="" ;;
  "") origin=$(with_npm) || origin=$(with_debian) || {
    echo "no ExifTool could be fetched: name one with --exiftool FOLDER, or leave it out with --without-exiftool" >&2
    exit 1
  } ;;
  *) origin=$(with_folder) ;;
esac

[ -z "$origin" ] || cp "$root/scripts/bundle/Artistic.txt" "$bundle/exiftool/"
cp "$root/LICENSE" "$root/scripts/bundle/install.sh" "$bundle/"
cp "$root/docs/man/scanner.1" "$bundle/man/"
echo "$minor" >"$bundle/python-version"
echo "$platform" >"$bundle/platform"
{
  cat "$root/scripts/bundle/README.txt"
  if [ -n "$origin" ]; then
    echo "ExifTool: $("$bundle/exiftool/bin/exiftool" -config "" -ver), $origin."
    echo "Copyright Phil Harvey. It may be redistributed under the same terms as Perl itself, the Artistic License"
    echo "(exiftool/Artistic.txt) or the GPL (https://dev.perl.org/licenses/). It is Perl source, called as a program of its own."
  else
    echo "ExifTool is not in this archive: install it, or put it into PATH (https://exiftool.org)."
  fi
  echo "Python packages keep their licences inside their wheels (*.dist-info)."
} >"$bundle/README.txt"
(cd "$bundle" && find . ! -type d ! -name SHA256SUMS | LC_ALL=C sort | while IFS= read -r file; do sha256 "$file"; done >SHA256SUMS)

tar -C "$work" -czf "$output/$name.tar.gz" "$name"
echo "$output/$name.tar.gz"
(cd "$output" && sha256 "$name.tar.gz" | tee "$name.tar.gz.sha256")
