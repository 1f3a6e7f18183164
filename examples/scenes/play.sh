#!/bin/sh
# Plays a scene on this machine: sh play.sh payments
# The commands are those of the scene's README.md; what they print is beside what the README says they print.
# NETVERDICT says how netverdict is started, when it is not in the PATH: NETVERDICT="npx netverdict" sh play.sh payments
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/${1:-}/README.md" ]; then
  echo "which scene? $(cd "$here" && ls -d */ | tr -d / | tr '\n' ' ')" >&2
  exit 2
fi
cd "$here/$1" || exit 2
netverdict() {
  ${NETVERDICT:-netverdict} "$@"
}
trap 'netverdict lab down -q 2>/dev/null' INT TERM
sed -n 's/^\$ //p' README.md | while read -r command; do
  printf '\n$ %s\n' "$command"
  eval "$command" </dev/null
done
