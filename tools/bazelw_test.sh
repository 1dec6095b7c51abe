#!/usr/bin/env bash
# Tests ./bazelw against made-up dpkg-query, apt-get, sudo, id and bazel commands in a folder that
# is the whole PATH. Argument: the path of bazelw.
set -euo pipefail

bazelw="$(readlink -f "$1")"
scratch="${TEST_TMPDIR:?}/bazelw"
all_but_bazel="g++ libboost1.81-dev libfmt-dev nlohmann-json3-dev libgtest-dev libgmock-dev \
libbenchmark-dev libcli11-dev libvalijson-dev"
failures=0

# Makes command $1 with body $2.
fake() {
  printf '#!/bin/bash\n%s\n' "$2" >"${scratch}/bin/$1"
  chmod +x "${scratch}/bin/$1"
}

# A machine with the packages "$1" installed, user id $2 and no sudo.
machine() {
  rm -rf "${scratch}"
  mkdir -p "${scratch}/bin"
  ln -s "$(type -P env)" "$(type -P cat)" "$(type -P bash)" "${scratch}/bin/"
  : >"${scratch}/calls"
  # Like the real one: it knows the installed packages and fails if asked for any other.
  fake dpkg-query "echo dpkg-query >>${scratch}/calls
    for name in \"\${@:3}\"; do
      case ' $1 ' in *\" \${name} \"*) printf 'installed:%s ' \"\${name}\" ;; *) fail=1 ;; esac
    done
    exit \${fail:-0}"
  fake apt-get "echo \"apt-get \$*\" >>${scratch}/calls; echo 'apt chatter'"
  fake id "echo $2"
  fake bazel "printf '<%s>' \"\$@\"; exit 7"
}

# Runs bazelw with the given arguments; sets code, out and err.
run() {
  code=0
  PATH="${scratch}/bin" BAZELW_PACKAGES="${extra:-}" "${bazelw}" "$@" \
    >"${scratch}/out" 2>"${scratch}/err" </dev/null || code=$?
  out="$(cat "${scratch}/out")"
  err="$(cat "${scratch}/err")"
}

expect() {
  if [[ "$2" != "$3" ]]; then
    echo "FAILED: ${current}: $1"$'\n'"  expected: $3"$'\n'"  found:    $2"
    failures=$((failures + 1))
  fi
}

apt_calls() {
  grep '^apt-get' "${scratch}/calls" || true
}

test_configurations_that_build_with_clang_need_it() {
  machine "${all_but_bazel}" 0
  run test --config=asan //...
  expect "installed" "$(apt_calls | grep -c 'clang-14 libclang-rt-14-dev lld-14')" 1
  machine "${all_but_bazel}" 0
  run run //a:b -- --config=asan
  expect "an argument of the program is none of Bazel's" "$(apt_calls)" ""
}

test_nothing_missing_hands_arguments_and_exit_code_over_verbatim() {
  machine "${all_but_bazel}" 1000
  run run //a:b -- '--x=1 2' '' '*'
  expect "exit code" "${code}" 7
  expect "arguments" "${out}" "<run><//a:b><--><--x=1 2><><*>"
  expect "stderr" "${err}" ""
  expect "calls" "$(cat "${scratch}/calls")" "dpkg-query"
}

test_missing_without_rights_prints_one_line_and_exits_2() {
  machine "${all_but_bazel/libfmt-dev /}" 1000
  run test //...
  expect "exit code" "${code}" 2
  expect "stdout" "${out}" ""
  expect "stderr" "${err}" "bazelw: missing packages; run as root: apt-get update && \
apt-get install -y --no-install-recommends libfmt-dev"
  expect "apt-get" "$(apt_calls)" ""
}

test_missing_as_root_installs_exactly_the_missing() {
  machine "g++ libboost1.81-dev nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev \
libvalijson-dev" 0
  run build //x
  expect "exit code" "${code}" 7
  expect "stdout is bazel's alone" "${out}" "<build><//x>"
  expect "apt-get" "$(apt_calls)" "apt-get update -q
apt-get install -q -y --no-install-recommends libfmt-dev libcli11-dev"
}

test_similar_name_does_not_pass_for_the_package() {
  machine "${all_but_bazel/g++ /g++-12 }" 0
  extra="g++-12" run version
  expect "apt-get" "$(apt_calls | tail -n 1)" "apt-get install -q -y --no-install-recommends g++"
}

test_sudo_without_password_is_used() {
  machine "${all_but_bazel/g++ /}" 1000
  fake sudo "echo \"sudo \$*\" >>${scratch}/calls; shift; \"\$@\""
  fake true ""
  run version
  expect "exit code" "${code}" 7
  expect "sudo" "$(grep '^sudo' "${scratch}/calls" | tail -n 1)" "sudo -n env \
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends g++"
}

test_sudo_that_wants_a_password_is_not_waited_for() {
  machine "${all_but_bazel/g++ /}" 1000
  fake sudo "echo \"sudo \$*\" >>${scratch}/calls; exit 1"
  run version
  expect "exit code" "${code}" 2
  expect "sudo" "$(grep '^sudo' "${scratch}/calls")" "sudo -n true"
  expect "apt-get" "$(apt_calls)" ""
}

test_failed_installation_exits_2_and_does_not_start_bazel() {
  machine "${all_but_bazel/g++ /}" 0
  fake apt-get "exit 100"
  run version
  expect "exit code" "${code}" 2
  expect "stdout" "${out}" ""
}

test_further_packages_are_wanted_too() {
  machine "${all_but_bazel}" 0
  extra="clang-14 jq" run version
  expect "apt-get" "$(apt_calls | tail -n 1)" \
    "apt-get install -q -y --no-install-recommends clang-14 jq"
}

test_debian_without_bazel_installs_it_and_bazelisk_serves_in_its_place() {
  machine "${all_but_bazel}" 0
  rm "${scratch}/bin/bazel"
  fake apt-get "echo \"apt-get \$*\" >>${scratch}/calls
    printf '#!/bin/bash\nprintf new' >${scratch}/bin/bazel; /bin/chmod +x ${scratch}/bin/bazel"
  run version
  expect "stdout" "${out}" "new"
  expect "apt-get" "$(apt_calls | tail -n 1)" \
    "apt-get install -q -y --no-install-recommends bazel-bootstrap"
  machine "${all_but_bazel}" 0
  mv "${scratch}/bin/bazel" "${scratch}/bin/bazelisk"
  run version
  expect "bazelisk" "${out}" "<version>"
  expect "apt-get with bazelisk" "$(apt_calls)" ""
}

test_other_systems_hand_over_with_a_note_or_exit_2() {
  machine "" 0
  rm "${scratch}/bin/dpkg-query"
  run version
  expect "exit code" "${code}" 7
  expect "lines of note" "$(wc -l <"${scratch}/err")" 1
  rm "${scratch}/bin/bazel"
  run version
  expect "exit code without bazel" "${code}" 2
}

while read -r current; do
  "${current}"
done < <(declare -F | sed -n 's/^declare -f \(test_\)/\1/p')
((failures == 0))
