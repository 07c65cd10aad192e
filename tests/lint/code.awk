# SPDX-License-Identifier: Apache-2.0
# What the rules share: findings, folders, and C++ lines without their comments.

function finding(line, text) { finding_in(FILENAME, line, text) }
function finding_in(file, line, text) {
  printf "%s:%d: %s\n", file, line, text
  findings++
}
# This file comes last on awk's command line, so that the rules' own END blocks run before this one.
END { exit findings > 0 }

# The layer a path belongs to: its first folder, or two of them under sim/.
function folder_of(path,   part, n) {
  n = split(path, part, "/")
  if (n < 2) return ""
  return part[1] == "sim" && n > 2 ? part[1] "/" part[2] : part[1]
}

# The code of one line: comments and strings that cite a source are gone. Keeps state over lines in `in_comment`.
# Raw strings that span lines are read as code, which is what the rules want of them.
function code_of(line,   code, two, rest) {
  code = ""
  if (FNR == 1) in_comment = 0
  while (line != "") {
    two = substr(line, 1, 2)
    if (in_comment) {
      if (match(line, /\*\//) == 0) return code
      line = substr(line, RSTART + 2)
      in_comment = 0
    } else if (two == "//") {
      return code
    } else if (two == "/*") {
      in_comment = 1
      line = substr(line, 3)
    } else if (match(line, /^"([^"\\]|\\.)*"/) || match(line, /^'([^'\\]|\\.)+'/)) {
      rest = substr(line, RLENGTH + 1)
      two = substr(line, 1, RLENGTH)
      if (two !~ /arXiv|doi\.org|github\.com|https?:/) code = code two
      line = rest
    } else {
      code = code substr(line, 1, 1)
      line = substr(line, 2)
    }
  }
  return code
}
