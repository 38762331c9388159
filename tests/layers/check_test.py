#!/usr/bin/env python3
"""The layer check rejects what it must, and lets pass what it must."""

import sys

sys.dont_write_bytecode = True

from check import faults_of

REJECTED = [
    ("domain/visit/decide.cpp", '#include "server/core/core.hpp"'),
    ("domain/visit/decide.cpp", '#include "storage/event_log.hpp"'),
    ("domain/visit/decide.cpp", '#include "domain/proposal/state.hpp"'),
    ("domain/visit/decide.cpp", "#include <domain/proposal/state.hpp>"),
    ("domain/visit/decide.cpp", '#include "../proposal/state.hpp"'),
    ("domain/visit/decide.cpp", '#include "domain/codec/entry.hpp"'),
    ("domain/visit/decide.cpp", '#include "domain/partnership/decide.hpp"'),
    ("domain/visit/state.hpp", '#include "domain/partnership/state.hpp"'),
    ("domain/partnership/decide.cpp", '#include "domain/visit/state.hpp"'),
    ("domain/visit/decide.cpp", "#include <simdjson.h>"),
    ("domain/visit/decide.cpp", "#include <thread>"),
    ("domain/visit/decide.cpp", "  #  include <mutex>"),
    ("domain/base/ids.hpp", '#include "domain/visit/event.hpp"'),
    ("domain/base/ids.hpp", '#include "domain/history/trail.hpp"'),
    ("domain/history/trail.hpp", '#include "domain/visit/event.hpp"'),
    ("domain/codec/entry.cpp", "#include <boost/asio.hpp>"),
    ("domain/codec/entry.cpp", "#include <rocksdb/db.h>"),
    ("domain/codec/entry.cpp", "#include <fstream>"),
    ("storage/verify.cpp", '#include "domain/visit/event.hpp"'),
    ("storage/verify.cpp", '#include "domain/context.hpp"'),
    ("storage/verify.cpp", '#include "server/core/core.hpp"'),
    ("storage/verify.cpp", '#include "storage/rocksdb/folder.hpp"'),
    ("storage/verify.cpp", "#include <rocksdb/db.h>"),
    ("storage/rocksdb/folder.cpp", "#include <boost/asio/io_context.hpp>"),
    ("storage/rocksdb/folder.cpp", "#include <simdjson.h>"),
    ("server/core/core.cpp", "#include <boost/beast/core.hpp>"),
    ("server/core/core.cpp", "#include <boost/beast.hpp>"),
    ("server/core/core.cpp", "#include <rocksdb/db.h>"),
    ("server/core/core.cpp", "#include <mutex>"),
    ("server/core/core.cpp", '#include "tests/support/fake_log.hpp"'),
    ("server/core/core.cpp", "#include <catch2/catch.hpp>"),
    ("tests/domain/visit_test.cpp", '#include "server/core/core.hpp"'),
    ("tests/domain/visit_test.cpp", '#include "storage/event_log.hpp"'),
    ("tests/storage/log_test.cpp", '#include "domain/visit/event.hpp"'),
    ("client-js/src/client.ts", 'import { onMount } from "svelte";'),
    ("client-js/src/client.ts", "import { writable } from 'svelte/store';"),
    ("client-js/src/client.ts", 'import App from "../dashboard/App.svelte";'),
    ("client-js/src/client.ts", 'import { route } from "../dashboard/route.ts";'),
    ("client-js/src/client.ts", 'import { viewOf } from "../verifier/fold.mjs";'),
    ("client-js/src/audit/shown.ts", 'import { verifyBundle } from "../../verifier/bundle.mjs";'),
    ("client-js/dashboard/src/App.svelte", 'import { Queue } from "../../src/queue.ts";'),
    ("client-js/dashboard/src/App.svelte", 'const queue = await import("../../src/queue.js");'),
    ("client-js/dashboard/src/App.svelte", 'import "../../src/queue";'),
    ("client-js/dashboard/src/App.svelte", 'export { Queue } from "../../src/queue.ts";'),
    ("client-js/dashboard/src/App.svelte", 'import { sha256 } from "../../src/audit/hash";'),
    ("client-js/verifier/bundle.mjs", 'import { leafHash } from "../src/audit/hash.ts";'),
    ("client-js/verifier/bundle.mjs", 'import { canonicalize } from "json-canonicalize";'),
    ("elsewhere/odd.cpp", '#include "domain/base/ids.hpp"'),
]

ACCEPTED = [
    ("client-js/dashboard/src/App.svelte", 'const audit = await import("../../src/audit/index");'),
    ("client-js/src/audit/shown.ts", 'import { viewOf } from "../../verifier/fold.mjs";'),
    ("client-js/verifier/fold.mjs", 'const dates = ["from", "to"];'),
    ("client-js/verifier/verify-bundle.mjs", 'import { readFileSync } from "node:fs";\nimport { verifyBundle } from "./bundle.mjs";'),
    ("domain/visit/decide.cpp", '#include "domain/visit/state.hpp"\n#include <domain/base/ids.hpp>\n#include <string>'),
    ("domain/visit/decide.cpp", '#include "domain/history/trail.hpp"\n#include "domain/context.hpp"'),
    ("domain/visit/decide.cpp", '#include "domain/partnership/state.hpp"'),
    ("domain/visit/state.hpp", '#include "domain/visit/parts/day.hpp"'),
    ("domain/base/ids.hpp", '#include "domain/base/names.hpp"\n#include <compare>'),
    ("domain/codec/entry.cpp", '#include "domain/visit/event.hpp"\n#include <simdjson.h>'),
    ("domain/domain.hpp", '#include "domain/visit/event.hpp"'),
    ("storage/verify.cpp", '#include "storage/event_log.hpp"\n#include "domain/base/ids.hpp"\n#include <mutex>'),
    ("storage/rocksdb/folder.cpp", '#include "storage/rocksdb/folder.hpp"\n#include <rocksdb/db.h>'),
    ("storage/sha256.cpp", "#include <openssl/sha.h>"),
    ("server/core/core.cpp", '#include "domain/visit/event.hpp"\n#include "storage/rocksdb/rocks_event_log.hpp"'),
    ("server/core/core.cpp", "#include <boost/asio/io_context.hpp>\n#include <boost/json.hpp>\n#include <thread>"),
    ("server/net/web_socket.cpp", "#include <boost/beast/websocket.hpp>"),
    ("server/local/unix_socket.cpp", "#include <boost/beast/http.hpp>"),
    ("tests/server/core_test.cpp", '#include "server/core/core.hpp"\n#include <catch2/catch.hpp>'),
    ("client-js/src/client.ts", 'import { Queue } from "./queue.ts";'),
    ("client-js/dashboard/src/App.svelte", 'import { connect } from "../../src/index.ts";\nimport "svelte";'),
    ("client-js/dashboard/src/App.svelte", 'import { connect } from "mosty-client";\nimport Row from "./src/Row.svelte";'),
    ("scripts/notes.md", '#include "server/core/core.hpp"'),
]

wrong = [f"must be rejected: {file}: {text}" for file, text in REJECTED if not faults_of(file, text)]
wrong += [f"must pass: {fault}" for file, text in ACCEPTED for fault in faults_of(file, text)]
print(*wrong, sep="\n", end="\n" if wrong else "")
print(f"{len(REJECTED) + len(ACCEPTED)} cases, {len(wrong)} wrong")
sys.exit(1 if wrong else 0)
