// The auditor in Go: built once a run, then asked about a log.
import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const source = fileURLToPath(new URL("../auditor/main.go", import.meta.url));
const env = {
  ...process.env,
  GO111MODULE: "off", // Debian's golang-golang-x-mod-dev stands in this GOPATH: nothing is fetched
  GOPATH: "/usr/share/gocode",
  GOCACHE: process.env.GOCACHE ?? fileURLToPath(new URL("../../../build/go", import.meta.url)),
  GOFLAGS: "",
};

let built;
const build = async () => {
  const binary = join(await mkdtemp(join(tmpdir(), "mosty-auditor-")), "auditor");
  await execute("go", ["build", "-o", binary, source], { env, timeout: 300_000 });
  return binary;
};

// Audits what is at `url`: {ok, said}.
export async function audit({ url, key, cookie, state, path, witnesses = [], quorum = 0 }) {
  const args = ["-url", url, "-key", key, "-quorum", String(quorum)];
  if (cookie) args.push("-cookie", cookie);
  if (state) args.push("-state", state);
  if (path) args.push("-checkpoint", path);
  for (const witness of witnesses) args.push("-witness", witness);
  try {
    const { stdout } = await execute(await (built ??= build()), args, { timeout: 60_000 });
    return { ok: true, said: stdout.trim() };
  } catch (error) {
    if (error.code !== 1) throw error;
    return { ok: false, said: error.stderr.trim() };
  }
}
