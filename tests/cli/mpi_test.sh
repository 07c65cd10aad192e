#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# mpi_test.sh SEXTANT: sweeps under mpirun write the bytes of one process alone, whole, resumed and refused. Exit 77
# (skipped) where there is no mpirun, or sextant was built without MPI.
set -euo pipefail
sextant=$1
if ! command -v mpirun >/dev/null; then
  echo "no mpirun: skipped"
  exit 77
fi
if ! ldd "$sextant" | grep libmpi >/dev/null; then
  echo "built without MPI: skipped"
  exit 77
fi
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"  # Open MPI frees nothing at its end
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0

ranks() {
  local n=$1
  shift
  mpirun --allow-run-as-root --oversubscribe -np "$n" "$sextant" "$@"
}

# expect WHAT COMMAND...
expect() {
  local what=$1
  shift
  if ! "$@"; then
    echo "FAILED: $what"
    failed=1
  fi
}

"$sextant" sweep llama3-70b-scaling --threads 1 --quiet >alone.jsonl
for n in 2 3; do
  ranks "$n" sweep llama3-70b-scaling -o "by-$n.jsonl" 2>by.txt
  expect "$n ranks write what one process writes" cmp alone.jsonl "by-$n.jsonl"
  expect "$n ranks: the summary is said once" test "$(grep -c '56 points: ' by.txt)" = 1
done
ranks 2 sweep llama3-70b-scaling --quiet >stdout.jsonl
expect 'stdout carries the lines and nothing else' cmp alone.jsonl stdout.jsonl

# Cut in the middle of a line, and with a hole.
head -c 9000 alone.jsonl >cut.jsonl
ranks 2 sweep llama3-70b-scaling --quiet -o cut.jsonl
expect 'a cut sweep goes on under mpirun' cmp alone.jsonl cut.jsonl
sed 5,20d alone.jsonl >hole.jsonl
ranks 2 sweep llama3-70b-scaling --quiet -o hole.jsonl
expect 'a hole is filled under mpirun' cmp alone.jsonl hole.jsonl

status=0
ranks 2 sweep no-such-sweep >refused.out 2>refused.txt || status=$?
expect 'bad data leaves with 2' test "$status" = 2
expect 'the fault is said once' test "$(grep -c 'no such file' refused.txt)" = 1
status=0
ranks 2 sweep llama3-70b-scaling -o /nonexistent/x.jsonl 2>refused.txt || status=$?
expect 'an output that cannot be written leaves with 1' test "$status" = 1
status=0
ranks 2 sweep llama3-70b-scaling -o /dev/full 2>refused.txt || status=$?
expect 'a full disk leaves with 1' test "$status" = 1
exit "$failed"
