#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Feeds every rule of lint.sh small trees: what it must find, at which line, and what it must leave alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0

# file PATH: a file of the tree, from stdin.
file() {
  mkdir -p "$tree/$(dirname "$1")"
  cat >"$tree/$1"
}
clear_tree() { find "$tree" -mindepth 1 -delete; }
lint() { bash "$here/lint.sh" "$1" "$tree" 2>&1; }

verdict() {
  if [[ $1 == ok ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$2" "$3"
  fi
  clear_tree
}

# finds RULE TEXT...: the rule refuses the tree, with as many findings as there are TEXTs, each containing its own.
finds() {
  local rule=$1 output status=0 text
  shift
  output=$(lint "$rule") || status=$?
  if ((status != 1)); then verdict bad "$rule should have found $1 (exit $status)" "$output"; return; fi
  if (($(wc -l <<<"$output") != $#)); then verdict bad "$rule should have $# findings" "$output"; return; fi
  for text in "$@"; do
    if [[ $output != *"$text"* ]]; then verdict bad "$rule should have said: $text" "$output"; return; fi
  done
  verdict ok
}

# accepts RULE [TEXT]: exit 0, and prints TEXT or nothing.
accepts() {
  local output status=0
  output=$(lint "$1") || status=$?
  if ((status == 0)) && { [[ -n ${2:-} && $output == *"$2"* ]] || [[ -z ${2:-} && -z $output ]]; }; then
    verdict ok
  else
    verdict bad "$1 should have accepted the tree (exit $status)" "$output"
  fi
}

lines() { seq "$1"; }

# --- includes ---------------------------------------------------------------------------------------------------------

file base/a.hpp <<<'#include "hardware/gpu.hpp"'
finds includes 'base/a.hpp:1: base may not include hardware ("hardware/gpu.hpp")'

file hardware/a.cpp <<<'#include "models/model.hpp"'
file models/b.cpp <<<'#include "hardware/gpu.hpp"'
finds includes 'hardware/a.cpp:1: hardware may not include models' 'models/b.cpp:1: models may not include hardware'

file sim/comm/ring.cpp <<'END'
#include "sim/comm/ring.hpp"
#include "base/quantity.hpp"
  #  include "sim/step/step.hpp"
END
finds includes 'sim/comm/ring.cpp:3: sim/comm may not include sim/step'

file sim/step/text.cpp <<<'#include "sim/api.hpp"'
file sim/api.hpp <<<'#include "sim/report/report.hpp"'
file sim/run/run.cpp <<<'#include "cli/main.hpp"'
file profiler/run.cpp <<<'#include "sim/api.hpp"'
file gui/page.cpp <<<'#include "cli/main.hpp"'
finds includes 'sim/step may not include sim (' 'sim may not include sim/report' 'sim/run may not include cli' 'profiler may not include sim' 'gui may not include cli'

file sim/api.hpp <<<'#include "sim/step/step.hpp"'
file sim/report/report.hpp <<'END'
#include "sim/api.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/step/step.hpp"
// #include "cli/main.hpp"
/* #include "cli/main.hpp"
   #include "gui/main.hpp" */
END
file cli/main.cpp <<<'#include "sim/api.hpp"'
file gui/page.cpp <<'END'
#include <QWidget>
#include "sim/report/report.hpp"
#include "page.moc"
END
file tests/cli/a_test.cpp <<<'#include "cli/main.hpp"'
accepts includes

file base/a.cpp <<'END'
#include "a.hpp"
#include "../base/b.hpp"
END
finds includes 'base/a.cpp:1: "a.hpp" does not begin with a folder' 'base/a.cpp:2: "../base/b.hpp" does not begin'

file helpers/a.cpp <<<'int x;'
file sim/magic/a.cpp <<<'int x;'
finds includes 'folder "helpers" has no line in tests/lint/folders.txt' 'folder "sim/magic" has no line'

file base/text.hpp <<<'#include <nlohmann/json.hpp>'
file sim/step/step.cpp <<<'#include <Eigen/Core>'
file sim/calibration/fit.hpp <<<'#include <Eigen/Core>'
file hardware/gpu.cpp <<<'#include <cuda_runtime.h>'
file cli/main.cpp <<<'#include <QWidget>'
file base/zip.cpp <<<'#include <boost/any.hpp>'
finds includes 'base/text.hpp:1: <nlohmann/json.hpp> has no place here' 'sim/step/step.cpp:1: <Eigen/Core>' \
  'sim/calibration/fit.hpp:1: <Eigen/Core>' '<cuda_runtime.h> has no place' '<QWidget> has no place' \
  '<boost/any.hpp> is a dependency that tests/lint/headers.txt does not know'

file sim/search/search.cpp <<'END'
#include <vector>
#include <chrono>
#include <fstream>
#include <cstdio>
#include <filesystem>
END
finds includes 'search.cpp:2: <chrono> has no place here: the simulator is pure' 'search.cpp:3: <fstream>' 'search.cpp:4: <cstdio>' \
  'search.cpp:5: <filesystem>'

file base/json/node.hpp <<<'#include <nlohmann/json.hpp>'
file models/native.hpp <<<'#include <nlohmann/json_fwd.hpp>'
file models/native.cpp <<<'#include <nlohmann/json.hpp>'
file sim/calibration/fit.cpp <<<'#include <Eigen/Cholesky>'
file profiler/kernel.cu <<<'#include <cuda_bf16.h>'
file profiler/device.cpp <<<'#include <cublasLt.h>'
file base/gzip.cpp <<<'#include <zlib.h>'
file cli/terminal.cpp <<'END'
#include <sys/ioctl.h>
#include <unistd.h>
#include <chrono>
END
accepts includes

# --- licenses ---------------------------------------------------------------------------------------------------------

file base/a.hpp <<<'#pragma once'
file base/CMakeLists.txt <<<'add_library(base)'
file scripts/a.sh <<<'#!/bin/sh'
file gui/a.cpp <<<'// SPDX-License-Identifier: Apache-2.0'
file sim/b.cpp <<<'// SPDX-License-Identifier: GPL-3.0-or-later'
finds licenses 'base/a.hpp:1: no SPDX line; begin the file with SPDX-License-Identifier: Apache-2.0' 'base/CMakeLists.txt:1:' \
  'scripts/a.sh:1:' 'gui/a.cpp:1: license Apache-2.0; this folder'"'"'s is GPL-3.0-or-later' 'sim/b.cpp:1: license GPL-3.0'

file base/a.hpp <<<'# SPDX - License - Identifier : Apache - 2.0'
finds licenses 'base/a.hpp:1: no SPDX line'

file base/a.hpp <<<'// SPDX-License-Identifier: Apache-2.0'
file gui/a.cpp <<<'// SPDX-License-Identifier: GPL-3.0-or-later'
file scripts/a.sh <<'END'
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
END
file hardware/data/a.json <<<'{}'
accepts licenses

# --- paths ------------------------------------------------------------------------------------------------------------

# Put together here, so that the rule does not find this file.
work=/w'ork' tmp=/t'mp' shared=../s'hared'
file base/a.cpp <<END
int x;
const char* where = "$work/main/data";
END
file models/data/a.json <<<"{\"where\": \"$shared/reference/a.json\"}"
file scripts/a.sh <<<"log=$tmp/log"
file docs/a.md <<<"Look into $shared/reference."
file cmake/a.cmake <<<'set(x "/home''/ann/x")'
finds paths 'base/a.cpp:2: a path of one machine' 'models/data/a.json:1:' 'scripts/a.sh:1:' 'docs/a.md:1:' 'cmake/a.cmake:1:'

file .ci/run <<<"configs=$shared/reference/hf_configs"
file docs/development.md <<<"SEXTANT_HF_CONFIGS=$shared/reference/hf_configs scripts/test.sh"
file base/a.cpp <<'END'
#include "sim/workload/expand.hpp"
// bytes of work/s, https://example.org/work/tmp/x, ${root}/tmp, /worker
END
accepts paths

# --- names ------------------------------------------------------------------------------------------------------------

file sim/step/step.cpp <<'END'
int x;  // DeepSeek does it so
if (model.name == "DeepSeek-V3") return 1;
bool is_llama(const Model& m);
constexpr auto family = Family::mixtral; /* a comment
  Qwen */ auto publisher = "BigScience";
END
finds names 'step.cpp:2: "deepseek" names a model or publisher' 'step.cpp:3: "llama"' 'step.cpp:4: "mixtral"' 'step.cpp:5: "bigscience"'

file sim/step/step.cpp <<'END'
// Llama 3 and "DeepSeek" say so.
/* Qwen
 * mixtral */
const char* source = "DeepSeek-V3, arXiv:2412.19437";
const char* code = "github.com/deepseek-ai/DualPipe dualpipe.py";
char quote = '"';
int metadata = 1'000'000;
END
file models/hf/families.cpp <<<'auto family = "LlamaForCausalLM";'
file sim/data/stacks/a.json <<<'{"name": "nvidia"}'
accepts names

# --- length -----------------------------------------------------------------------------------------------------------

lines 451 | file sim/step/step.cpp
finds length 'sim/step/step.cpp:451: 451 lines, at most 450'

lines 450 | file sim/step/step.cpp
accepts length 'sim/step/step.cpp:450: warning: 450 lines; over 350'

lines 350 | file sim/step/step.cpp
{ echo '// lint-length: one row a GPU, from the tuner'"'"'s source'; lines 900; } | file sim/comm/table.cpp
accepts length

lines 900 | file tests/sim/step_test.cpp
accepts length 'tests/sim/step_test.cpp:900: warning'

echo "lint self-test: $passed passed, $failed failed"
exit $((failed > 0))
