// scripts/sbom lists all that the binary and the dashboard are made of, in the form that CycloneDX 1.5 prescribes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { before, it } from "node:test";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const root = new URL("../../", import.meta.url).pathname;
const run = (command, ...parameters) => execFileSync(command, parameters, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
const schemas = new URL("node_modules/@cyclonedx/cyclonedx-library/res/schema/", import.meta.url);
const schema = (name) => JSON.parse(readFileSync(new URL(name, schemas), "utf8"));
const binary = join(root, "build/release/server/mosty");

let text, sbom;
const component = (ref) => sbom.components.find((one) => one["bom-ref"] === ref);

before(() => {
  text = run("scripts/sbom");
  sbom = JSON.parse(text);
});

it("it is CycloneDX 1.5", () => {
  const ajv = new Ajv({ strict: false, formats: { "iri-reference": true, "idn-email": true } });
  addFormats(ajv);
  for (const name of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"])
    ajv.addSchema({ ...schema(name), $id: `http://cyclonedx.org/schema/${name}` });
  const valid = ajv.compile(schema("bom-1.5.SNAPSHOT.schema.json"));
  assert.ok(valid(sbom), JSON.stringify(valid.errors?.slice(0, 3)));
  assert.ok(!valid({ ...sbom, components: [{ name: "nameless" }] }), "the schema refuses what is wrong");
});

it("the same commit on the same packages gives the same bytes", () => {
  assert.equal(run("scripts/sbom"), text);
});

it("each library that the binary loads belongs to a package that is listed as required", () => {
  const libraries = [...run("ldd", binary).matchAll(/=> (\/\S+)/g)].map(([, path]) => path);
  assert.ok(libraries.length > 10);
  for (const library of libraries) {
    const names = [library, realpathSync(library), realpathSync(library).replace(/^\/usr/, "")];
    const owner = names.map((name) => {
      try {
        return run("dpkg-query", "-S", name).split(":")[0];
      } catch {
        return undefined;
      }
    }).find((name) => name);
    assert.ok(owner, library);
    assert.equal(component(`deb:${owner}`)?.scope, "required", `${library} of ${owner}`);
  }
});

it("what is compiled in or run is listed with its version", () => {
  for (const name of ["libboost1.81-dev", "libsimdjson-dev", "libcli11-dev", "librocksdb7.8", "libssl3", "libc6"]) {
    const version = run("dpkg-query", "-W", "-f=${Version}", name);
    assert.equal(component(`deb:${name}`)?.version, version, name);
    assert.equal(component(`deb:${name}`).scope, "required", name);
  }
});

it("every package that the client asks for to run is listed as required, and every one of its bundle", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "client-js/package-lock.json"), "utf8"));
  for (const name of Object.keys(packages[""].dependencies)) {
    const { version } = packages[`node_modules/${name}`];
    assert.equal(component(`npm:${name}@${version}`)?.scope, "required", name);
  }
  for (const line of readFileSync(join(root, "build/dashboard.packages"), "utf8").trim().split("\n")) {
    assert.equal(component(`npm:${line.replace(" ", "@")}`)?.scope, "required", line);
  }
});

it("every package of every lock file and every one that scripts/install names is listed", () => {
  for (const lock of run("git", "ls-files", "*package-lock.json").trim().split("\n")) {
    for (const [place, entry] of Object.entries(JSON.parse(readFileSync(join(root, lock), "utf8")).packages)) {
      if (!place || entry.link || entry.inBundle) continue;
      const name = entry.name ?? place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      assert.ok(component(`npm:${name}@${entry.version}`), `${lock}: ${place}`);
    }
  }
  for (const name of ["clang-19", "cmake", "catch2", "chromium", "golang-go"]) assert.ok(component(`deb:${name}`), name);
});

it("each has a licence, and what people run is told from what only builds and tests", () => {
  for (const { name, licenses, scope } of sbom.components) {
    assert.ok(licenses[0].expression ?? licenses[0].license.id ?? licenses[0].license.name, name);
    assert.match(scope, /^(required|excluded)$/, name);
  }
  for (const name of ["vite", "vitest", "typescript", "playwright-core"]) {
    assert.equal(sbom.components.find((one) => one.name === name)?.scope, "excluded", name);
  }
});
