import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const placeholder = { version: '"__VERSION__"', shell: '["__SHELL__"]' };

// Writes sw.js with the names of the files that the app opens with. The editor and the fonts are not among them:
// they are kept once they have been used.
export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).filter((file) => {
        if (file.type === "chunk") return !file.moduleIds.some((id) => /node_modules\/(quill|parchment|quill-cursors)\//.test(id));
        return /\.(css|js)$/.test(file.fileName);
      }).map(({ fileName }) => `/${fileName}`).sort();
      const shell = ["/index.html", "/favicon.svg", ...files];
      const index = bundle["index.html"];
      const version = createHash("sha256").update(JSON.stringify(shell)).update(index?.type === "asset" ? index.source : "").digest("hex").slice(0, 16);
      const template = readFileSync(new URL("./sw.js", import.meta.url), "utf8");
      const source = template.replace(placeholder.version, JSON.stringify(version)).replace(placeholder.shell, JSON.stringify(shell));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
