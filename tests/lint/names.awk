# SPDX-License-Identifier: Apache-2.0
# Arguments: names.txt FILE...

FNR == 1 { table = FILENAME ~ /names\.txt$/ }
table && (/^#/ || /^[ \t]*$/) { next }
table {
  pattern = pattern (pattern == "" ? "" : "|") $1
  next
}

{ code = tolower(code_of($0)) }
code !~ /^[ \t]*#[ \t]*include/ && match(code, pattern) {
  finding(FNR, "\"" substr(code, RSTART, RLENGTH) "\" names a model or publisher; say which property of the run matters, and put names into data files")
}
