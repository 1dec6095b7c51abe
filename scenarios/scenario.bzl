"""scenario(): a library scenario as a target."""

def scenario(name, size = "small", args = [], tags = [], **kwargs):
    """NAME.json as `bazel run //scenarios:NAME [-- FLAGS]` and as test //scenarios:NAME_test.

    The run prints the result; flags after `--` go to `stripelab run`. The test is the same run and
    fails when its exit code is not 0.

    Args:
      name: the scenario, a file NAME.json of this package.
      size: of the test.
      args: further flags of the test's run.
      tags: of the test.
      **kwargs: handed on to the test.
    """
    script = name + "_run"
    native.genrule(
        name = script,
        outs = [name + ".sh"],
        # Paths on the command line mean the user's directory, which `bazel run` hands over.
        cmd = """cat > $@ <<'END'
#!/usr/bin/env bash
stripelab="$$(cd "$$(dirname "$$0")/.." && pwd)/bench/stripelab"
if [[ -n "$${RUNFILES_DIR:-}" && -x "$${RUNFILES_DIR}/stripelab/bench/stripelab" ]]; then
  stripelab="$${RUNFILES_DIR}/stripelab/bench/stripelab"
fi
cd "$${BUILD_WORKING_DIRECTORY:-.}" || exit 2
exec "$${stripelab}" run %s "$$@"
END
""" % name,
        executable = True,
    )
    native.sh_binary(
        name = name,
        srcs = [script],
        data = ["//bench:stripelab"],
    )
    native.sh_test(
        name = name + "_test",
        size = size,
        srcs = [script],
        args = args,
        data = ["//bench:stripelab"],
        tags = tags,
        **kwargs
    )
