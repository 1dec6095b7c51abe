# Shared by .ci/run and .ci/nightly: timed parts that all run, tests whose cases are counted, and
# fuzzing.
# shellcheck shell=bash

passed=0
failed=0
scratch="$(mktemp -d)"
trap 'rm -rf "${scratch}"' EXIT

# To the workspace's root, with what an empty environment lacks, and nobody at the keyboard.
prepare() {
  cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
  export CI=true LC_ALL=C.UTF-8
  export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
  HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
  export HOME
  exec </dev/null
}

# part NAME COMMAND...: runs the command and prints how it ended and how long it took. A part that
# fails without a failed test case counts as one failure: the last line never hides it.
part() {
  local name="$1" started="${SECONDS}" failed_before="${failed}" end=passed
  shift
  echo "=== ${name}"
  if ! "$@"; then
    end=FAILED
    if ((failed == failed_before)); then
      failed=$((failed + 1))
    fi
  fi
  echo "=== ${name}: ${end} in $((SECONDS - started)) s"
}

# The last line of a run, and its exit code.
finish() {
  echo "${passed} passed, ${failed} failed"
  ((failed == 0))
}

# Labels that answer a query, one per line.
query() {
  ./bazelw query --noshow_progress "$1"
}

# Prints "PASSED FAILED" for one test.xml: GoogleTest's, or what Bazel writes for other tests.
cases_in_xml() {
  awk '
    function attribute(name) {
      if (!match($0, " " name "=\"[0-9]+\"")) { return 0 }
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0
    }
    !seen && /<testsuites? .*tests="/ {
      seen = 1
      googletest = /<testsuites /
      tests = attribute("tests")
      bad = attribute("failures") + attribute("errors")
      unrun = attribute("disabled")
    }
    googletest && /^ *<skipped / { ++unrun }
    END { print tests - bad - unrun, bad + 0 }' "$1"
}

# count_cases SUMMARY TESTLOGS: adds the test cases of every target that Bazel's summary names. A
# target that failed without a failed case (a crash, a leak at exit, no build) is one failure.
count_cases() {
  local label state good bad xml states='PASSED|FLAKY|FAILED|TIMEOUT|INCOMPLETE|NO|REMOTE'
  while read -r label state; do
    local target_failed=0
    for xml in "$2/$(sed 's,^//,,; s,:,/,' <<<"${label}")"/{,*/}test.xml; do
      if [[ -f "${xml}" ]]; then
        read -r good bad <<<"$(cases_in_xml "${xml}")"
        passed=$((passed + good))
        target_failed=$((target_failed + bad))
      fi
    done
    if [[ "${state}" != PASSED && "${state}" != FLAKY && "${target_failed}" == 0 ]]; then
      target_failed=1
    fi
    failed=$((failed + target_failed))
  done < <(sed -nE "s,^(//[^ ]+) +(\\(cached\\) )?(${states})\\b.*,\\1 \\3,p" "$1" | sort -u)
}

# run_tests OPTION... -- TARGET...: `bazel test`, and its cases added to the sums. Logs of an
# earlier run go first, which also makes Bazel run every test again.
run_tests() {
  local testlogs code=0
  local -a options=()
  while [[ "$1" != -- ]]; do
    options+=("$1")
    shift
  done
  testlogs="$(./bazelw info "${options[@]}" bazel-testlogs 2>/dev/null)" || return 1
  rm -rf "${testlogs:?}"
  ./bazelw test --keep_going --test_output=errors --noshow_progress --color=no --curses=no \
    "${options[@]}" "$@" 2>&1 | tee "${scratch}/summary"
  code="${PIPESTATUS[0]}"
  count_cases "${scratch}/summary" "${testlogs}"
  return "${code}"
}

# run_tagged_tests TAG OPTION...: as run_tests, for the targets with a tag. Fails if there is none.
run_tagged_tests() {
  local tag="$1" found
  local -a labels
  shift
  found="$(query "attr(tags, '\\b${tag}\\b', tests(//...))")" || return 1
  if [[ -z "${found}" ]]; then
    echo "no test is tagged ${tag}"
    return 1
  fi
  mapfile -t labels <<<"${found}"
  run_tests "$@" -- "${labels[@]}"
}

# fuzz_one LABEL BINARY SEEDS SECONDS [OPTION]...: runs one fuzz target from an empty corpus and, if
# it exists, a folder of seeds, in a folder of its own. libFuzzer prints an input that fails.
fuzz_one() {
  local label="$1" binary="$2" seeds="$3" seconds="$4" folder code=0
  shift 4
  folder="${scratch}/${label//[\/:]/_}"
  mkdir -p "${folder}/corpus" || return 1
  local -a corpora=("${folder}/corpus")
  if [[ -d "${seeds}" ]]; then
    corpora+=("${seeds}")
  fi
  "${binary}" "-max_total_time=${seconds}" -rss_limit_mb=2048 -timeout=20 \
    -print_final_stats=1 "-artifact_prefix=${folder}/" "$@" "${corpora[@]}" \
    >"${folder}/log" 2>&1 || code=1
  echo "--- ${label}, ${seconds} s"
  if ((code != 0)); then
    tail -n 80 "${folder}/log"
  else
    grep -E '^stat::(number_of_executed_units|peak_rss_mb)' "${folder}/log" || true
  fi
  return "${code}"
}

# run_fuzz SECONDS [OPTION]...: every target tagged "fuzz" for so long, with libFuzzer's options,
# as many at a time as there are processors. The seeds of //a:b_fuzz are in a/b_fuzz_seeds.
run_fuzz() {
  local seconds="$1" found label path bin pid code=0
  local -a labels pids=()
  shift
  found="$(query "attr(tags, '\\bfuzz\\b', kind(cc_binary, //...))")" || return 1
  if [[ -z "${found}" ]]; then
    echo "no target is tagged fuzz"
    return 1
  fi
  mapfile -t labels <<<"${found}"
  ./bazelw build --config=fuzz --keep_going --noshow_progress --color=no "${labels[@]}" || code=1
  bin="$(./bazelw info --config=fuzz bazel-bin 2>/dev/null)" || return 1
  for label in "${labels[@]}"; do
    if ((${#pids[@]} >= $(nproc))); then
      wait "${pids[0]}" || code=1
      pids=("${pids[@]:1}")
    fi
    path="${label#//}"
    path="${path/:/\/}"
    fuzz_one "${label}" "${bin}/${path#/}" "${path#/}_seeds" "${seconds}" "$@" &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do
    wait "${pid}" || code=1
  done
  return "${code}"
}
