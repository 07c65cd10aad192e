# SPDX-License-Identifier: Apache-2.0
# The dashboard links QCustomPlot (GPL-3.0), the rest is Apache-2.0.

function check() {
  if (path == "") return
  wanted = path ~ /^gui\// ? "GPL-3.0-or-later" : "Apache-2.0"
  if (license == "") finding_in(path, 1, "no SPDX line; begin the file with SPDX-License-Identifier: " wanted)
  else if (license != wanted && path !~ /^tests\/gui\//) finding_in(path, at, "license " license "; this folder's is " wanted)
}

FNR == 1 {
  check()
  path = FILENAME
  license = ""
}
FNR <= 3 && match($0, /SPDX-License-Identifier: [^ ]+/) {
  license = substr($0, RSTART + 25, RLENGTH - 25)
  at = FNR
}
END { check() }
