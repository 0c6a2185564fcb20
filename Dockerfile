# syntax=docker/dockerfile:1
#
# The image of Sluice's server, with the web console built in: docs/operate/docker.md.
#
# How this file was checked: `npm run proof -- acceptance/src/image.proof.ts` runs each of its steps in a root file system
# made by mmdebstrap, with the Node of this repository in place of the base image. It starts the result as compose.yaml
# says: as user 1000 without capabilities, on a read-only root. For arm64, the packages are installed, but not run.
# On the same base, Docker 26.1 with its BuildKit and Buildah 1.39 have built this file for amd64. Docker did so without the
# first line, which loads a part of the builder from Docker Hub. Docker has run both images as compose.yaml says. Nobody has
# built this file on the image of Docker Hub, and no engine has built it for arm64.

ARG BASE=node:24-trixie-slim

# The manifests alone, so that a change of the sources keeps the installed packages in the builder's cache.
FROM --platform=$BUILDPLATFORM ${BASE} AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests \
  && find . \( -name package.json -o -name package-lock.json -o -name .npmrc \) -exec cp --parents -t /manifests {} +

# The built packages are the same for all processors, so they are built once, on the builder's own.
FROM --platform=$BUILDPLATFORM ${BASE} AS build
WORKDIR /src
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/npm \
  npm ci --cache /npm --ignore-scripts --include-workspace-root \
  --workspace=packages/server --workspace=packages/console --workspace=packages/client
COPY . .
# Only what a published package holds stays. The console's build is part of the server's.
RUN npm run build \
  && rm -r packages/console \
  && find packages -mindepth 2 -maxdepth 2 ! -name dist ! -name bin ! -name package.json -exec rm -r {} +

# The production dependencies of the target's processor. No package runs a script when it is installed, so nothing has to
# be emulated for another processor.
FROM --platform=$BUILDPLATFORM ${BASE} AS production
# Without a default, which would take the place of the value that the builder sets.
ARG TARGETARCH
# `--build-arg AUTO_TAGGING=yes` adds the model that tags images, which has 139 MB.
ARG AUTO_TAGGING=no
# `--build-arg FONTS=no` leaves out the fonts of texts on pictures. They have 68 MB without the weights that are not used.
ARG FONTS=yes
WORKDIR /opt/sluice
COPY --from=manifests /manifests ./
COPY deploy/docker/leave-out.js /tmp/
# The image has Debian's FFmpeg, and nothing of @sluice/video.
RUN --mount=type=cache,target=/npm \
  node /tmp/leave-out.js video \
  && if [ "$AUTO_TAGGING" != yes ]; then node /tmp/leave-out.js auto-tagging; fi \
  && if [ "$FONTS" != yes ]; then node /tmp/leave-out.js fonts; fi \
  && npm ci --cache /npm --omit=dev --ignore-scripts --include-workspace-root=false --workspace=packages/server \
  --os=linux --libc=glibc --cpu="$([ "$TARGETARCH" = amd64 ] && echo x64 || echo "$TARGETARCH")" \
  && if [ "$FONTS" = yes ]; then find node_modules/@expo-google-fonts -mindepth 2 -maxdepth 2 -type d \
  ! -name '400Regular*' ! -name '700Bold*' -exec rm -r {} +; fi \
  && rm -r package-lock.json .npmrc acceptance bench examples packages/console
COPY --from=build /src/packages ./packages
COPY LICENSE deploy/docker/health.js ./
# A new volume takes its owner from the image's folder, so the image has an empty one that belongs to the server's user.
RUN rm -r packages/video \
  && if [ "$AUTO_TAGGING" != yes ]; then rm -r packages/auto-tagging; fi \
  && if [ "$FONTS" != yes ]; then rm -r packages/fonts; fi \
  && mkdir bin /empty \
  && ln -s ../packages/server/bin/sluice.js bin/sluice

FROM ${BASE}
# FFmpeg of Debian, which reads videos (docs/videos.md). `--build-arg FFMPEG=no` leaves it out. This is the one step that runs on
# the target's processor, so for another processor the builder needs emulation.
ARG FFMPEG=yes
RUN if [ "$FFMPEG" = yes ]; then \
  apt-get update && apt-get install --yes --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*; fi
ENV NODE_ENV=production \
  PATH=/opt/sluice/bin:$PATH \
  SLUICE_HOST=0.0.0.0 \
  SLUICE_DATA_DIR=/data
COPY --from=production /opt/sluice /opt/sluice
COPY --from=production --chown=1000:1000 --chmod=700 /empty /data
COPY --from=production /empty /etc/sluice
# Settings may be in /etc/sluice/.env: `sluice` reads `.env` of the folder in which it runs.
WORKDIR /etc/sluice
VOLUME /data
EXPOSE 3000
# Kubernetes compares this with runAsNonRoot, for which it needs a number. The base image calls the user `node`.
USER 1000:1000
# The limit of a shutdown is 30 seconds (--limit shutdown-seconds). Give a container 45 before it is killed.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["node", "/opt/sluice/health.js"]
ENTRYPOINT ["sluice"]
CMD ["serve"]
