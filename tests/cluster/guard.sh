#!/bin/sh
# Ties a process to the life of its parent: runs the given command and kills it when stdin ends.
# The kernel closes the pipe however the parent dies, so not even `kill -9` on a test run leaves a server behind.
# `guard.sh --folder DIR` runs nothing and removes DIR when stdin ends.

if [ "$1" = --folder ]; then
  while read -r _; do :; done
  # A server that is being killed at the same moment may still add a file: then rm fails and is tried again.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf -- "$2" 2>/dev/null && exit 0
    sleep 0.2
  done
  exit 1
fi

# A background job gets /dev/null as stdin unless it is given the pipe under another number.
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(
  while read -r _; do :; done
  kill -KILL "$child"
) <&3 &
watcher=$!
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
