"""Precompiled headers: half of a test's compilation is reading headers that many tests share."""

def _precompiled_header_impl(ctx):
    header = ctx.actions.declare_file(ctx.label.name + ".h")
    compiled = ctx.actions.declare_file(ctx.label.name + ".h.gch")
    toolchain = ctx.attr._cc_toolchain[cc_common.CcToolchainInfo]
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    context = cc_common.merge_cc_infos(
        cc_infos = [dep[CcInfo] for dep in ctx.attr.deps],
    ).compilation_context

    # Clang writes into it where the headers are, and would refuse it wherever their times differ.
    is_clang = toolchain.compiler == "clang"
    clang_flags = ["-Xclang", "-fno-pch-timestamp"] if is_clang else []
    clang_needs = {"no-cache": "1", "no-sandbox": "1"} if is_clang else {}

    # Exactly the flags of the sources that use it: else g++ ignores it, and clang refuses it.
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags =
            ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + ctx.attr.copts,
        quote_include_directories = context.quote_includes,
        include_directories = context.includes,
        system_include_directories = context.system_includes,
        preprocessor_defines = context.defines,
    )
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = "c++-compile",
        variables = variables,
    )
    ctx.actions.write(header, "".join(["#include %s\n" % name for name in ctx.attr.includes]))
    ctx.actions.run(
        executable = toolchain.compiler_executable,
        arguments = flags + clang_flags + ["-x", "c++-header", header.path, "-o", compiled.path],
        inputs = depset([header], transitive = [context.headers, toolchain.all_files]),
        outputs = [compiled],
        use_default_shell_env = True,
        execution_requirements = clang_needs,
        mnemonic = "PrecompileHeader",
        progress_message = "Precompiling %s" % header.short_path,
    )
    own = cc_common.create_compilation_context(headers = depset([header, compiled]))
    return [
        DefaultInfo(files = depset([header, compiled])),
        cc_common.merge_cc_infos(cc_infos = [
            CcInfo(compilation_context = own),
            CcInfo(compilation_context = context),
        ]),
    ]

_precompiled_header = rule(
    implementation = _precompiled_header_impl,
    attrs = {
        "copts": attr.string_list(),
        "deps": attr.label_list(providers = [CcInfo]),
        "includes": attr.string_list(mandatory = True),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    incompatible_use_toolchain_transition = True,
)

def precompiled_header(name, includes, deps, **kwargs):
    """NAME.h and, beside it, its compiled form, for tests.

    Args:
      name: A target of its own, for cc_test's `pch`.
      includes: What it includes, as written behind #include.
      deps: The libraries of those headers. Nothing of them is linked.
      **kwargs: Visibility and the like.
    """
    _precompiled_header(
        name = name,
        testonly = True,
        # As .bazelrc says for the sources of tests.
        copts = select({
            "//tools/pch:asan": ["-O0", "-fno-sanitize=fuzzer-no-link"],
            "//conditions:default": ["-O1"],
        }),
        includes = includes,
        deps = deps,
        **kwargs
    )

def cc_test(name, pch = "//tools/pch:gtest", copts = [], deps = [], **kwargs):
    """A cc_test whose sources begin with a precompiled header.

    Args:
      name: As for cc_test. Tests of laws have no such header: they alone are optimised everywhere.
      pch: A precompiled_header, as "//package:name" or ":name".
      copts: As for cc_test.
      deps: As for cc_test.
      **kwargs: As for cc_test.
    """
    if not name.endswith("_law_test"):
        package, _, header = pch.rpartition(":")
        folder = package[len("//"):] or native.package_name()
        copts = copts + ["-include", "$(BINDIR)/%s/%s.h" % (folder, header)]
        deps = deps + [pch]
    native.cc_test(name = name, copts = copts, deps = deps, **kwargs)
