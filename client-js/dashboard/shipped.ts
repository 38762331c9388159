import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Plugin } from "vite";

// The package that a module of the bundle belongs to, as its folder below node_modules.
function packageFolder(id: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace(/^\0/, "").replace(/\?.*$/, ""))?.[0];
}

// Writes which packages the pages are made of, "name version" a line: what scripts/sbom lists as shipped.
export function shippedPackages(file: URL): Plugin {
  return {
    name: "shipped-packages",
    apply: "build",
    buildEnd(error) {
      if (error) return;
      const folders = new Set([...this.getModuleIds()].map(packageFolder).filter((folder) => folder !== undefined));
      const lines = [...folders].map((folder) => {
        const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as { name: string; version: string };
        return `${name} ${version}\n`;
      });
      mkdirSync(dirname(file.pathname), { recursive: true });
      writeFileSync(file, lines.sort().join(""));
    },
  };
}
