#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# commands_test.sh PROGRAM FIXTURES: what sextant-profile prints and with which code it leaves, without a GPU.
set -uo pipefail
program=$1 fixtures=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# expect CODE TEXT ARGUMENT...: the program leaves with CODE and says TEXT on stdout or stderr.
expect() {
  local code=$1 text=$2 output status=0
  shift 2
  output=$(CUDA_VISIBLE_DEVICES= "$program" "$@" 2>&1) || status=$?
  if ((status != code)) || [[ $output != *"$text"* ]]; then
    printf 'FAILED: %s\n  exit %s, expected %s and "%s"\n%s\n' "$*" "$status" "$code" "$text" "$output"
    failed=1
  fi
}

expect 0 'gemm/bf16/fwd/m8192-n8192-k8192' list --suite quick
expect 0 '"family": "router"' list --json --model deepseek-v3
expect 1 'unknown suite "fast"; there are quick, moe, dense and full' list --suite fast
expect 1 'there are deepseek-v3' list --model gpt-2
expect 1 'unknown option --sute' list --sute quick
expect 1 'unknown command "runn"' runn
expect 3 'no CUDA device' run --suite quick -o "$folder/p.json"
expect 3 'no CUDA device' check
expect 1 'a number between' run --budget soon
expect 0 'examples:' record --help
echo '{"a": 1}' >"$folder/other.json"
expect 2 'not a Chrome or Kineto trace' import "$folder/other.json"
expect 2 'cannot be opened' import "$folder/none.json"
expect 0 'attention' import "$fixtures/kineto.json" -o "$folder/trace.json"
expect 0 'gemm/bf16/m4096-n2112-k7168' show "$folder/trace.json"
expect 0 '' merge -o "$folder/both.json" "$folder/trace.json" "$folder/trace.json"
expect 0 'gemm/bf16/m4096-n2112-k7168' show "$folder/both.json"
expect 2 'is not "sextant/profile/1"' show "$fixtures/kineto.json"
gzip -c "$fixtures/kineto.json" >"$folder/trace.json.gz"
expect 0 'GEMM' import "$folder/trace.json.gz"
expect 1 'record needs a program' record
exit $failed
