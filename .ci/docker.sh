# What .ci/images, .ci/compose and .ci/containers share; they source it at the top of the repository.
# shellcheck shell=bash

me=$(basename "$0")
work=$(mktemp -d)
dockerd=''

skip() {
  echo "Skipped $me: $*" >&2
  # Where CI is set, nothing may go untested.
  [ -z "${CI:-}" ] || exit 1
  exit 0
}

# await SECONDS COMMAND...
await() {
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    [ $SECONDS -lt $end ] || { echo "$me: still not true after $1 s: ${*:2}" >&2 && return 1; }
    sleep 1
  done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

answers() { docker info >/dev/null 2>&1; }

# Starts a daemon if none answers, which finish_docker ends.
start_docker() {
  if answers; then return; fi
  [ "$(id -u)" = 0 ] || skip "no Docker daemon answers, and only root can start one"
  if ! command -v dockerd >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io; } ||
      skip "docker.io cannot be installed"
  fi
  mkdir -p target
  dockerd >target/dockerd.log 2>&1 &
  dockerd=$!
  await 60 answers || skip "dockerd does not start; see target/dockerd.log"
}

finish_docker() {
  if [ -n "$dockerd" ]; then
    kill "$dockerd" || true
    wait "$dockerd" || true
  fi
  rm -rf "$work"
}

# Sets archive and version; makes the archive unless ARCHIVE names one in target.
find_archive() {
  archive=${ARCHIVE:-}
  if [ -z "$archive" ]; then
    rm -f target/refinery-*-linux-x86_64.tar.gz
    mvn -B -ntp -q -Prelease -pl release -am package
    archive=$(echo target/refinery-*-linux-x86_64.tar.gz)
  fi
  version=${archive#target/refinery-}
  version=${version%-linux-x86_64.tar.gz}
}

# Sets base to IMAGE_BASE, to the images' default, or if that cannot be pulled to one made of Debian's packages.
find_base() {
  base=${IMAGE_BASE:-eclipse-temurin:17-jre}
  if [ -n "${IMAGE_BASE:-}" ] || pull "$base"; then return; fi
  base=refinery-base:bookworm
  if ! has_image "$base"; then
    command -v debootstrap >/dev/null ||
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap ||
      skip "no base image can be pulled or made"
    debootstrap --variant=minbase --include=openjdk-17-jre-headless,ca-certificates bookworm "$work/base" >target/debootstrap.log
    rm -rf "$work"/base/usr/share/{doc,man,locale} "$work"/base/var/{cache/apt/archives/*.deb,lib/apt/lists/*}
    tar -C "$work/base" -c . | docker import - "$base"
  fi
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

pull() { timeout 120 docker pull -q "$1"; }

build() {
  docker build -q -f deploy/images/Dockerfile --build-arg BASE="$base" --build-arg JRE="$base" \
    --build-arg ARCHIVE="$archive" --build-arg VERSION="$version" \
    --build-arg REVISION="$(git rev-parse HEAD)" "$@" . >>target/images.log
}

# Sets kafka to KAFKA_IMAGE, to apache/kafka, or if that cannot be pulled to .ci/kafka.
find_kafka() {
  kafka=${KAFKA_IMAGE:-apache/kafka:4.4.0}
  if [ -n "${KAFKA_IMAGE:-}" ] || pull "$kafka"; then return; fi
  kafka=refinery-kafka
  docker build -q -f .ci/kafka/Dockerfile --build-arg BASE="$base" --build-arg ARCHIVE="$archive" \
    --tag "$kafka" . >>target/images.log
}

# Sets minio to MINIO_IMAGE, to one that deploy/images/minio makes, or if its base images cannot be pulled to one that
# only its last stage makes, with programs that this machine's Go has built from the same versions.
find_minio() {
  minio=${MINIO_IMAGE:-refinery-minio}
  if [ -n "${MINIO_IMAGE:-}" ]; then return; fi
  local dockerfile=deploy/images/minio/Dockerfile
  if pull "$(argument GO)" && pull "$(argument BASE)"; then
    docker build -q --tag "$minio" deploy/images/minio >>target/images.log
    return
  fi
  command -v go >/dev/null || skip "MinIO's image cannot be built: no base image can be pulled, and Go is not installed"
  local release cache
  release=$(argument RELEASE)
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/refinery/minio/$release
  mkdir -p "$cache" "$work/minio/rootfs/usr/local/bin"
  [ -x "$cache/minio" ] || GOBIN=$cache CGO_ENABLED=0 go install -ldflags '-s -w' "github.com/minio/minio@$release"
  [ -x "$cache/mc" ] || GOBIN=$cache CGO_ENABLED=0 go install -ldflags '-s -w' "github.com/minio/mc@$(argument CLIENT)"
  cp "$cache/minio" "$cache/mc" "$work/minio/rootfs/usr/local/bin/"
  { echo 'ARG BASE' && sed -n '/^FROM \${BASE}/,$ {s/--from=build \/rootfs/rootfs/; p}' "$dockerfile"; } \
    >"$work/minio/Dockerfile"
  docker build -q --build-arg BASE="$base" --tag "$minio" "$work/minio" >>target/images.log
}

# argument NAME: its default in the Dockerfile of MinIO.
argument() { sed -n "s/^ARG $1=//p" deploy/images/minio/Dockerfile | head -1; }
