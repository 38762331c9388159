import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { serviceWorker } from "./offline/plugin";
import { shippedPackages } from "./shipped";

// Inlined assets and the preload helper would need a looser content security policy.
export default defineConfig({
  plugins: [svelte(), serviceWorker(), shippedPackages(new URL("../../build/dashboard.packages", import.meta.url))],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy: { "/v1": { target: "http://127.0.0.1:8080", ws: true } } },
});
