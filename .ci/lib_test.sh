#!/usr/bin/env bash
# Tests the counting and the parts of lib.sh on made-up logs. Argument: the path of lib.sh.
set -uo pipefail
# shellcheck source=.ci/lib.sh
source "$1"

mistakes=0

expect() {
  if [[ "$2" != "$3" ]]; then
    echo "FAILED: $1"$'\n'"  expected: $3"$'\n'"  found:    $2"
    mistakes=$((mistakes + 1))
  fi
}

# log LABEL_PATH TEXT: the test.xml of a target.
log() {
  mkdir -p "${scratch}/logs/$1"
  printf '%s\n' "$2" >"${scratch}/logs/$1/test.xml"
}

# Counts after a summary with the given lines.
count() {
  passed=0
  failed=0
  printf '%s\n' "$@" >"${scratch}/summary"
  count_cases "${scratch}/summary" "${scratch}/logs"
  echo "${passed} ${failed}"
}

log sim/good_test '<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="0" disabled="1" errors="0" time="0." name="AllTests">
  <testsuite name="A" tests="5" failures="0" disabled="1" skipped="1" errors="0">
    <testcase name="a" status="run"/>
      <skipped message="no network"/>'
log sim/bad_test '<testsuites tests="4" failures="3" disabled="0" errors="0" name="AllTests">
  <testsuite name="A" tests="4" failures="3" errors="0">'
log tools/shell_test '<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="tools/shell_test" tests="1" failures="0" errors="0">
    <system-out>
  <testsuite tests="99" failures="99">
  <skipped message="only quoted">'
log top_test '<testsuites tests="2" failures="0" disabled="0" errors="0">'
log sim/sharded_test/shard_1_of_2 '<testsuites tests="3" failures="0" errors="0">'
log sim/sharded_test/shard_2_of_2 '<testsuites tests="4" failures="0" errors="0">'

expect "disabled and skipped cases did not pass" "$(count '//sim:good_test  PASSED in 0.1s')" "3 0"
expect "failed cases are counted" "$(count '//sim:bad_test   FAILED in 0.1s')" "1 3"
expect "a script is one case" "$(count '//tools:shell_test  (cached) PASSED in 2s')" "1 0"
expect "the root package" "$(count '//:top_test  PASSED in 2s')" "2 0"
expect "shards add up" "$(count '//sim:sharded_test  PASSED in 2s')" "7 0"
expect "a leak after good cases is a failure" "$(count '//sim:good_test  FAILED in 1s')" "3 1"
expect "a crash without a log is a failure" "$(count '//sim:gone_test  TIMEOUT in 60s')" "0 1"
expect "what does not build is a failure" \
  "$(count '//sim:a_test  FAILED TO BUILD' '//sim:b_test  NO STATUS')" "0 2"
expect "a target named twice counts once" \
  "$(count '//:top_test  PASSED in 2s' '//:top_test  PASSED in 2s')" "2 0"
expect "other lines are not targets" "$(count 'INFO: //:top_test PASSED' '  //:top_test PASSED')" \
  "0 0"

parts() {
  passed=3
  failed=0
  part "one" "$@" >/dev/null
  finish
}
fail_one_case() {
  failed=$((failed + 1))
  return 1
}

expect "all parts held" "$(parts true; echo "$?")" $'3 passed, 0 failed\n0'
expect "a failed part shows in the last line" "$(parts false; echo "$?")" $'3 passed, 1 failed\n1'
expect "a failed case is not counted twice" "$(parts fail_one_case; echo "$?")" \
  $'3 passed, 1 failed\n1'

((mistakes == 0))
