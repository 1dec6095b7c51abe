"""embed(): files that travel inside the binary."""

_HEADER = """\
#pragma once

#include <span>

#include "reports/embedded_file.h"

namespace {ns} {{

// The files of //{package}:{name}, ordered by name.
std::span<const reports::EmbeddedFile> {name}();

}}  // namespace {ns}
"""

def embed(name, srcs, **kwargs):
    """A cc_library with header PACKAGE/NAME.h declaring NAME() in the top folder's namespace.

    Args:
      name: the function and the header.
      srcs: the files; each is known by its base name.
      **kwargs: handed on to the cc_library.
    """
    package = native.package_name()
    ns = package.split("/")[0]
    header = _HEADER.format(ns = ns, package = package, name = name)
    native.genrule(
        name = name + "_h",
        outs = [name + ".h"],
        cmd = "cat > $@ <<'END'\n" + header + "END\n",
    )
    native.genrule(
        name = name + "_cc",
        srcs = sorted(srcs),
        outs = [name + ".cc"],
        cmd = "$(execpath //tools/embed) %s %s %s/%s.h $(SRCS) > $@" % (ns, name, package, name),
        exec_tools = ["//tools/embed"],
    )
    native.cc_library(
        name = name,
        srcs = [name + ".cc"],
        hdrs = [name + ".h"],
        deps = ["//reports:embedded_file"],
        **kwargs
    )
