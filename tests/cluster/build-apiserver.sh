#!/usr/bin/env bash
# Builds the kube-apiserver that the cluster tests run against, once per Kubernetes version.
# The version is the one apiserver/go.mod requires; the binary stays in .cache/ at the repository root.
# Prints the path of the binary on stdout and everything else on stderr; --where only prints the path.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
module="$here/apiserver"

version="$(sed -nE 's|^[[:space:]]*(require )?k8s\.io/kubernetes (v[0-9][^ ]*).*|\2|p' "$module/go.mod" | head -n 1)"
if [[ -z "$version" ]]; then
  echo "build-apiserver: no k8s.io/kubernetes version in $module/go.mod" >&2
  exit 1
fi
binary="$root/.cache/kube-apiserver-$version"

if [[ -x "$binary" || "${1:-}" == --where ]]; then
  echo "$binary"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "build-apiserver: $binary is missing and there is no go to build it" >&2
  exit 1
fi

mkdir -p "$root/.cache"
# Test files run in parallel and may all find the binary missing: only the first one builds.
if command -v flock >/dev/null; then
  exec 9>"$root/.cache/kube-apiserver.lock"
  flock 9
  if [[ -x "$binary" ]]; then
    echo "$binary"
    exit 0
  fi
fi

# Built under another name and moved, so that an interrupted build never looks like a finished one.
partial="$binary.partial.$$"
trap 'rm -f "$partial"' EXIT

# Outside its own build scripts Kubernetes does not know its version, and would report v0.0.0-master.
minor="${version#v1.}"
minor="${minor%%.*}"
ldflags='-s -w'
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  ldflags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor"
done

echo "build-apiserver: building kube-apiserver $version; the first build takes many minutes" >&2
started=$SECONDS
# -p 2 bounds the memory: compiling the API types and the final link are large on their own.
(cd "$module" && CGO_ENABLED=0 nice go build -p 2 -trimpath -ldflags "$ldflags" -o "$partial" k8s.io/kubernetes/cmd/kube-apiserver) >&2
mv "$partial" "$binary"
echo "build-apiserver: built in $((SECONDS - started)) s" >&2
echo "$binary"
