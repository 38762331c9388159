import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // The time is for machines that do other work too; no test passes or fails by it.
  test: { include: ["src/**/*.test.ts", "dashboard/**/*.test.ts"], exclude: ["**/node_modules/**", "dashboard/dist/**"], testTimeout: 600_000 },
});
