# SPDX-License-Identifier: Apache-2.0
# Over 350 lines is a warning, over 450 a failure. Tests are only warned; a table of values says
# `lint-length: why it is one file` in its first five lines.

function check() {
  if (path == "" || excused || lines <= 350) return
  if (lines > 450 && path !~ /^tests\//) finding_in(path, lines, lines " lines, at most 450; split the file by what its parts are about")
  else printf "%s:%d: warning: %d lines; over 350 a file is asking to be two\n", path, lines, lines
}

FNR == 1 {
  check()
  path = FILENAME
  excused = 0
}
FNR <= 5 && /lint-length: [^ ]/ { excused = 1 }
{ lines = FNR }
END { check() }
