// What the npm registry brings runs nothing when it is installed, and is what the lock files say, byte for byte.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";

const root = new URL("../../", import.meta.url).pathname;
const tracked = (...patterns) => execFileSync("git", ["ls-files", "--", ...patterns], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
const read = (file) => readFileSync(join(root, file), "utf8");
const locks = tracked("*package-lock.json");

it("there are lock files, one beside each package.json that asks for something", () => {
  assert.ok(locks.length >= 6, locks.join(" "));
  for (const file of tracked("*package.json")) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file));
    if (dependencies || devDependencies || optionalDependencies) assert.ok(locks.includes(join(dirname(file), "package-lock.json")), file);
  }
});

it("no package has a script that installing it would run", () => {
  for (const lock of locks) {
    for (const [place, entry] of Object.entries(JSON.parse(read(lock)).packages)) {
      assert.ok(!entry.hasInstallScript, `${lock}: ${place}`);
      assert.ok(!place || !existsSync(join(root, dirname(lock), place, "binding.gyp")), `${lock}: ${place} would be compiled`);
    }
  }
});

it("every package is known by its SHA-512 and bound to no host", () => {
  for (const lock of locks) {
    const { lockfileVersion, packages } = JSON.parse(read(lock));
    assert.equal(lockfileVersion, 3, lock);
    for (const [place, entry] of Object.entries(packages)) {
      if (!place || entry.link || entry.inBundle) continue; // what is bundled is in its owner's archive
      assert.match(entry.integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, `${lock}: ${place}`);
      assert.equal(entry.resolved, undefined, `${lock}: ${place}`);
      assert.ok(entry.license, `${lock}: ${place} has no licence`);
    }
  }
});

it("scripts are off beside each lock file, and no .npmrc names a registry", () => {
  for (const lock of locks) assert.match(read(join(dirname(lock), ".npmrc")), /^ignore-scripts=true$/m, lock);
  for (const file of tracked("*.npmrc")) assert.doesNotMatch(read(file), /registry|_auth|token/i, file);
});

it("what installs follows the lock files and runs nothing", () => {
  const files = tracked("scripts", ".ci", "*.json").filter((file) => !file.endsWith("package-lock.json"));
  let found = 0;
  for (const file of files) {
    const lines = read(file).replaceAll("\\\n", " ").split("\n");
    for (const line of lines) {
      if (!/\bnpm (ci|install|i|add|exec|x)\b|\bnpx\b/.test(line) || /^\s*(#|echo)/.test(line)) continue;
      found += 1;
      assert.match(line, /\bnpm ci\b.*--ignore-scripts/, `${file}: ${line.trim()}`);
    }
  }
  assert.ok(found > 0);
});
