#!/usr/bin/env bash
# Writes the tables of docs/coherence.md anew, each from a run of the scenario it names:
#   <!-- table SCENARIO --> ... <!-- end -->
# Run it from the workspace: tools/doc_tables.sh
set -euo pipefail

doc="docs/coherence.md"
fresh="$(mktemp)"
trap 'rm -f "${fresh}"' EXIT

inside=false
while IFS= read -r line; do
  if [[ "${line}" == "<!-- end -->" ]]; then
    inside=false
  fi
  if [[ "${inside}" == false ]]; then
    printf '%s\n' "${line}" >>"${fresh}"
  fi
  if [[ "${line}" =~ ^"<!-- table "([a-z_]+)" -->"$ ]]; then
    inside=true
    ./bazelw run --noshow_progress --ui_event_filters=-info //bench -- \
      run "${BASH_REMATCH[1]}" --out markdown=- </dev/null 2>/dev/null >>"${fresh}"
  fi
done <"${doc}"
cp "${fresh}" "${doc}"
