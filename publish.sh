#!/usr/bin/env bash
# Builds what an administrator installs into dist/: per architecture a Debian package, a tarball and a bill of materials, and SHA256SUMS.
# The same commit gives the same bytes.
#   ./publish.sh [linux-x64|linux-arm64]… [--self-contained] [--version V]
# --self-contained puts the .NET runtime into the package; without it the machine's own is used.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  echo "publish: $1" >&2
  echo "usage: ./publish.sh [linux-x64|linux-arm64]… [--self-contained] [--version V]" >&2
  exit 2
}

runtimes=() self_contained=false version=
while [ $# -gt 0 ]; do
  case $1 in
    linux-x64 | linux-arm64) runtimes+=("$1") ;;
    --self-contained) self_contained=true ;;
    --version)
      [[ ${2:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || usage "--version is \"${2:-}\"; allowed are three numbers, such as 1.2.3"
      version=$2
      shift
      ;;
    *) usage "\"$1\" is no argument" ;;
  esac
  shift
done
[ ${#runtimes[@]} -gt 0 ] || runtimes=(linux-x64)

for tool in dotnet npm node git dpkg-deb tar gzip sha256sum; do
  command -v "$tool" >/dev/null || { echo "publish: $tool is missing; device/setup.sh says what building needs." >&2; exit 1; }
done

# Everything below depends on the commit, never on the clock, the user or the folder.
umask 022
export LC_ALL=C TZ=UTC DPKG_DEB_THREADS_MAX=1
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
number=${version:-$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)}
if [ -z "$version" ]; then version=$number+git$(git log -1 --date=format:%Y%m%d%H%M%S --format=%cd.%h); fi
if [ -n "$(git status --porcelain)" ]; then
  version=$version+changed
  echo "publish: the checkout has changes that are in no commit; this build ($version) cannot be repeated." >&2
fi

readonly work=$PWD/artifacts/package parts=device/package documents=(device/install.md device/ecgfm-edge.example.json device/mosquitto device/mqtt device/dashboard.md device/frame device/profiles)
node_modules=$PWD/src/Compat/Microsoft.ML.OnnxRuntime/node_modules
rm -rf "$work" dist
mkdir -p dist "$work"

# publish_program RUNTIME FOLDER
publish_program() {
  local runtime=$1 folder=$2 arguments=(--no-self-contained -p:UseAppHost=false)
  if $self_contained; then arguments=(--self-contained); fi
  if ! dotnet publish src/EcgFm.Edge -c Release -r "$runtime" "${arguments[@]}" -o "$folder" --artifacts-path "$work/build" -v quiet --nologo \
      -p:Version="$number" -p:ContinuousIntegrationBuild=true -p:PublishDocumentationFiles=false -p:DebugType=none >"$work/$runtime.log" 2>&1; then
    if $self_contained && grep -qE 'NU1101|NU1102|NETSDK1112|NETSDK1084' "$work/$runtime.log"; then
      echo "publish: the NuGet feed of this machine has no .NET runtime for $runtime, so no self-contained package can be built here. Leave --self-contained out: the package then uses the runtime of the machine that it is installed on." >&2
    else
      cat "$work/$runtime.log" >&2
    fi
    exit 1
  fi
  # Nobody on another architecture can use these.
  local library
  for library in "$folder"/runtimes/*; do
    if [ -d "$library" ] && [ "$(basename "$library")" != "$runtime" ]; then rm -r "$library"; fi
  done
  [ -f "$folder/dashboard/index.html" ] || { echo "publish: the dashboard is missing from the build." >&2; exit 1; }
  find "$folder" -name libonnxruntime.so | grep -q . || { echo "publish: libonnxruntime.so for $runtime is missing from the build." >&2; exit 1; }
  if ! $self_contained; then cp "$parts/launcher" "$folder/ecgfm-edge"; fi
}

# Modes and times come from here, not from the package caches of this machine.
settle() {
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -type f -exec chmod 644 {} +
  find "$1" -type f \( -name ecgfm-edge -o -name createdump -o -path '*/DEBIAN/p*' \) -exec chmod 755 {} +
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# write_documents FOLDER: flat, with the README's links to what lies beside it then; what is in the sources only is no link.
write_documents() {
  cp -r "${documents[@]}" "$1"
  local packed
  packed=$(basename -a "${documents[@]}" | paste -sd '|')
  sed -E "/^!\[/d; s:\]\(device/(($packed)[/)#]):](\1:g; s:\[([^]]*)\]\((device|models|src)/[^)]*\):\1:g" README.md >"$1/README.md"
}

build_tarball() {
  local folder=$1 name=$2 tree=$work/$2
  mkdir "$tree"
  cp -r "$folder" "$tree/program"
  cp -r "$work/licenses" "$tree/licenses"
  cp -r "$parts"/{ecgfm-edge.service,gpu.conf,61-ecgfm-edge.rules,sysusers.conf,edge.json} LICENSE "$tree"
  write_documents "$tree"
  settle "$tree"
  tar --create --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" "$name" | gzip -n -9 >"dist/$name.tar.gz"
}

build_package() {
  local folder=$1 architecture=$2 tree=$work/deb-$2 folder_of_documents
  folder_of_documents=$tree/usr/share/doc/ecgfm-edge
  mkdir -p "$tree"/{DEBIAN,etc/ecgfm-edge,usr/bin,usr/lib/{systemd/system,sysusers.d,udev/rules.d}} "$folder_of_documents"
  cp -r "$folder" "$tree/usr/lib/ecgfm-edge"
  ln -s ../lib/ecgfm-edge/ecgfm-edge "$tree/usr/bin/ecgfm-edge"
  cp "$parts/edge.json" "$tree/etc/ecgfm-edge/"
  cp "$parts/ecgfm-edge.service" "$tree/usr/lib/systemd/system/"
  cp "$parts/61-ecgfm-edge.rules" "$tree/usr/lib/udev/rules.d/"
  cp "$parts/sysusers.conf" "$tree/usr/lib/sysusers.d/ecgfm-edge.conf"
  write_documents "$folder_of_documents"
  cp "$parts/gpu.conf" "$folder_of_documents/"
  cp LICENSE "$folder_of_documents/copyright"
  cp -r "$work/licenses" "$folder_of_documents/licenses"
  cp "$work/sbom.json" "$folder_of_documents/sbom.cdx.json"

  # Recommended only: Debian and Raspberry Pi OS have no such package, and Microsoft's archive serves as well. The launcher says what is missing.
  local recommends=", aspnetcore-runtime-10.0"
  if $self_contained; then recommends=""; fi
  echo /etc/ecgfm-edge/edge.json >"$tree/DEBIAN/conffiles"
  cp "$parts/debian/triggers" "$tree/DEBIAN/"
  cp "$parts"/debian/{postinst,prerm,postrm} "$tree/DEBIAN/"
  (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@RECOMMENDS@/$recommends/" \
      -e "s/@SIZE@/$(find "$tree" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')/" "$parts/debian/control" >"$tree/DEBIAN/control"
  settle "$tree"
  dpkg-deb --root-owner-group -Zxz --build "$tree" "dist/ecgfm-edge_${version}_$architecture.deb" >/dev/null
}

for runtime in "${runtimes[@]}"; do
  name=ecgfm-edge-$version-$runtime folder=$work/$runtime
  echo "publish: building $name" >&2
  publish_program "$runtime" "$folder"
  rm -rf "$work/licenses"
  node "$parts/parts.mjs" "$folder" "$version" "$node_modules" "$work/licenses" "$work/sbom.json"
  cp "$work/sbom.json" "dist/$name.cdx.json"
  build_tarball "$folder" "$name"
  case $runtime in
    linux-x64) build_package "$folder" amd64 ;;
    linux-arm64) build_package "$folder" arm64 ;;
  esac
  if ! $self_contained; then echo "publish: $name needs the ASP.NET Core runtime 10.0 on the machine that it is installed on." >&2; fi
done

(cd dist && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | sort | xargs sha256sum >SHA256SUMS)
cat dist/SHA256SUMS
