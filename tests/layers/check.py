#!/usr/bin/env python3
"""Holds the house's arrows (ARCHITECTURE.md): who may include, or import, whom.

    tests/layers/check.py     looks at every tracked or new source; prints what breaks a rule
"""

import fnmatch
import pathlib
import posixpath
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

ENTITY = ["domain/base", "domain/history", "domain/rights", "domain/context.hpp", "{here}"]

# Which of our own folders a folder may include. The first pattern that fits a file decides.
# "{here}" is the file's own folder, for example domain/visit; "!" takes back.
# An entity's decisions may read the state of one that stands before it, never the other way round.
OWN = [
    ("domain/partnership/*.cpp", ["domain/municipality/state.hpp", *ENTITY]),
    ("domain/visit/*.cpp", ["domain/partnership/state.hpp", *ENTITY]),
    ("domain/proposal/*.cpp", ["domain/partnership/state.hpp", "domain/text/state.hpp", "domain/text/section.hpp",
                               *ENTITY]),
    ("domain/proposal/*.hpp", ["domain/text/section.hpp", *ENTITY]),
    ("domain/base/*", ["domain/base"]),
    ("domain/history/*", ["domain/base", "domain/history"]),
    ("domain/rights/*", ["domain/base", "domain/rights"]),
    ("domain/codec/*", ["domain"]),
    ("domain/*/*", ENTITY),
    ("domain/*", ["domain"]),
    ("storage/rocksdb/*", ["domain/base", "storage"]),
    ("storage/*", ["domain/base", "storage", "!storage/rocksdb"]),
    ("server/*", ["domain", "storage", "server"]),
    ("tests/support/*", ["domain", "storage", "tests"]),
    ("tests/domain/*", ["domain", "tests"]),
    ("tests/storage/*", ["domain/base", "storage", "tests"]),
    ("tests/*", ["domain", "storage", "server", "tests"]),
]

# Where a foreign header may be included.
FOREIGN = [
    ("boost/beast*", ["server/net", "server/http", "server/local", "tests"]),
    ("boost/asio*", ["server", "tests"]),
    ("boost/json*", ["server", "tests"]),
    ("boost/*", ["server", "tests"]),
    ("simdjson*", ["domain/codec", "server", "tests"]),
    ("rocksdb/*", ["storage/rocksdb", "tests"]),
    ("openssl/*", ["storage", "server", "tests"]),
    ("sodium*", ["server/accounts"]),
    ("spdlog/*", ["server"]),
    ("catch2/*", ["tests"]),
]

# Of the standard library: the domain is pure, and server/ has no mutex.
STANDARD = {
    "domain": ["atomic", "condition_variable", "ctime", "filesystem", "fstream", "future", "iostream", "mutex",
               "random", "shared_mutex", "stop_token", "thread"],
    "server": ["mutex", "shared_mutex"],
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
IMPORT = re.compile(r"""(?:(?<!["'])\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']""")

CLIENT = "client-js/src"
CLIENT_ENTRIES = ["client-js/src/index.ts", "client-js/src/index.js", "client-js/src/index", "client-js/src",
                  "client-js/src/audit/index"]
DASHBOARD = "client-js/dashboard"
VERIFIER = "client-js/verifier"
AUDIT = "client-js/src/audit"
FOLD = "client-js/verifier/fold.mjs"  # pure; both verifications ask by it whether a page is what its events say
CPP_SUFFIXES = (".cpp", ".hpp", ".h")
JS_SUFFIXES = (".ts", ".js", ".mjs", ".svelte")


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def allows(rules, file, target):
    here = "/".join(file.split("/")[:2])
    allowed = False
    for rule in rules:
        if rule.startswith("!"):
            if within(target, rule[1:]):
                return False
        elif within(target, rule.replace("{here}", here)):
            allowed = True
    return allowed


def include_fault(file, header):
    """Why this file may not include this header, or nothing."""
    sibling = posixpath.normpath(posixpath.join(posixpath.dirname(file), header))
    target = sibling if (ROOT / sibling).is_file() else posixpath.normpath(header)
    if target.split("/")[0] in ("domain", "storage", "server", "tests", "client-js") and "/" in target:
        for pattern, rules in OWN:
            if fnmatch.fnmatchcase(file, pattern):
                return None if allows(rules, file, target) else f"{pattern} must not include {target}"
        return "this folder has no rule in tests/layers/check.py"

    for pattern, folders in FOREIGN:
        if fnmatch.fnmatchcase(header, pattern):
            return None if any(within(file, folder) for folder in folders) else (
                f"{pattern} belongs to {', '.join(folders)}")
    for room, headers in STANDARD.items():
        if within(file, room) and header in headers:
            return f"<{header}> has no place in {room}/"
    return None


def import_fault(file, module):
    """Why this TypeScript or Svelte file may not import this module, or nothing."""
    target = module
    if module.startswith("."):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), module))
    if within(file, CLIENT):
        if module == "svelte" or module.startswith(("svelte/", "@sveltejs/")) or module.endswith(".svelte"):
            return "the library knows no framework"
        if module.startswith(".") and not within(target, CLIENT) and not (within(file, AUDIT) and target == FOLD):
            return f"the library reaches outside {CLIENT}"
    if within(file, DASHBOARD) and within(target, CLIENT) and target not in CLIENT_ENTRIES:
        return f"the dashboard uses the library only through {CLIENT}/index.ts and {CLIENT}/audit/index.ts"
    if within(file, VERIFIER) and not module.startswith("node:") and not within(target, VERIFIER):
        return "the verifier is independent: it uses Node alone"
    return None


def faults_of(file, text):
    if file.endswith(CPP_SUFFIXES):
        found = ((header, include_fault(file, header)) for header in INCLUDE.findall(text))
    elif file.endswith(JS_SUFFIXES):
        found = ((module, import_fault(file, module)) for module in IMPORT.findall(text))
    else:
        return []
    return [f"{file}: {name}: {fault}" for name, fault in found if fault]


def sources():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [file for file in listed if file.endswith(CPP_SUFFIXES + JS_SUFFIXES) and (ROOT / file).is_file()]


def main():
    files = sources()
    faults = [fault for file in files for fault in faults_of(file, (ROOT / file).read_text())]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(files)} files, {len(faults)} broken rules")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
