# SPDX-License-Identifier: Apache-2.0
# A path of the machine a file was written on means nothing on the reader's. Where other people's configuration files are is
# told by SEXTANT_HF_CONFIGS: .ci/run sets it, and documentation may say so.

# The brackets keep these expressions from finding themselves.
/(^|[^A-Za-z0-9_.\/)}-])[/](work|tmp|root)([^A-Za-z0-9_-]|$)/ ||
/(^|[^A-Za-z0-9_.\/)}-])[/]home[/][a-z]/ ||
/[.][.][/]shared/ {
  if (FILENAME == ".ci/run") next
  if (FILENAME ~ /\.md$/ && /SEXTANT_HF_CONFIGS/) next
  finding(FNR, "a path of one machine; use a path from the repository's root, mktemp, or an environment variable")
}
