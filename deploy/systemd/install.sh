#!/bin/sh
# Installs a checkout that `npm ci && npm run build` has built into a new folder, with the production packages alone:
#
#   sh deploy/systemd/install.sh /opt/sluice
#
# AUTO_TAGGING=yes adds the model that tags images, which has 139 MB. FONTS=no leaves out the fonts of texts on pictures,
# which have 68 MB without the weights that are not used. VIDEO=yes adds @sluice/video, 175 MB, for machines without FFmpeg. The
# steps are those of the Dockerfile.
set -eu
target=${1:?name a folder that is not there yet}
[ ! -e "$target" ] || { echo "$target is there already, and stays as it is" >&2; exit 1; }
cd "$(dirname "$0")/../.."
[ -e packages/server/dist/main.js ] || { echo "run npm ci && npm run build first" >&2; exit 1; }

umask 022
mkdir -p "$target"
target=$(cd "$target" && pwd)
cp --parents package.json package-lock.json .npmrc packages/*/package.json examples/*/package.json \
  acceptance/package.json bench/package.json "$target"
cp LICENSE deploy/docker/leave-out.js "$target"
(
  cd "$target"
  if [ "${AUTO_TAGGING:-no}" != yes ]; then node leave-out.js auto-tagging; rm -r packages/auto-tagging; fi
  if [ "${VIDEO:-no}" != yes ]; then node leave-out.js video; rm -r packages/video; fi
  if [ "${FONTS:-yes}" != yes ]; then node leave-out.js fonts; rm -r packages/fonts; fi
  npm ci --omit=dev --ignore-scripts --include-workspace-root=false --workspace=packages/server
  if [ "${FONTS:-yes}" = yes ]; then
    find node_modules/@expo-google-fonts -mindepth 2 -maxdepth 2 -type d \
      ! -name '400Regular*' ! -name '700Bold*' -exec rm -r {} +
  fi
  rm -r leave-out.js package-lock.json .npmrc acceptance bench examples packages/console
)
for package in "$target"/packages/*; do
  cp -r "packages/$(basename "$package")/dist" "$package/"
done
cp -r packages/server/bin "$target/packages/server/"
mkdir "$target/bin"
ln -s ../packages/server/bin/sluice.js "$target/bin/sluice"
echo "installed $target"
