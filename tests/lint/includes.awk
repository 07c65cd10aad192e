# SPDX-License-Identifier: Apache-2.0
# Arguments: folders.txt headers.txt FILE...

FNR == 1 { table = FILENAME ~ /folders\.txt$/ ? "folders" : FILENAME ~ /headers\.txt$/ ? "headers" : "" }
table != "" && (/^#/ || /^[ \t]*$/) { next }

# allowed[folder] = " a b c ": what it may include besides itself.
table == "folders" {
  may = " "
  for (i = 2; i <= NF; i++) {
    if ($i == "<") may = may above substr(allowed[above], 1)
    else if (substr($i, 1, 1) == "<") may = may substr($i, 2) allowed[substr($i, 2)]
    else may = may $i " "
  }
  allowed[$1] = may
  above = $1
  next
}

table == "headers" {
  header[++headers] = $1
  user[headers] = $2
  reason[headers] = $3
  for (i = 4; i <= NF; i++) reason[headers] = reason[headers] " " $i
  next
}

FNR == 1 {
  folder = folder_of(FILENAME)
  if (!(folder in allowed))
    finding(1, "folder \"" folder "\" has no line in tests/lint/folders.txt; give it one, at the place of what it may know")
}

{ code = code_of($0) }

code ~ /^[ \t]*#[ \t]*include[ \t]*"/ {
  split(code, part, "\"")
  included(part[2])
}

code ~ /^[ \t]*#[ \t]*include[ \t]*</ {
  name = code
  sub(/^[^<]*</, "", name)
  sub(/>.*/, "", name)
  library_header(name)
}

function included(path,   target) {
  if (path ~ /^[^\/]*\.moc$/) return  # Qt's, generated beside the file
  target = folder_of(path)
  if (!(target in allowed)) {
    finding(FNR, "\"" path "\" does not begin with a folder of the project; write the path from the repository's root")
  } else if (folder in allowed && target != folder && index(allowed[folder], " " target " ") == 0) {
    finding(FNR, folder " may not include " target " (\"" path "\"); move what is shared down, or the user up (tests/lint/folders.txt)")
  }
}

function library_header(name,   i) {
  for (i = 1; i <= headers; i++) {
    if (name !~ header[i]) continue
    if (FILENAME !~ user[i]) finding(FNR, "<" name "> has no place here: " reason[i] " (tests/lint/headers.txt)")
    return
  }
  if (name ~ /[.\/]/)
    finding(FNR, "<" name "> is a dependency that tests/lint/headers.txt does not know; declare who may use it and why")
}
