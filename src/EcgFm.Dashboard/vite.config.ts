import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative addresses: the page works below any path of any web server.
  base: "./",
  build: {
    outDir: "../../artifacts/dashboard",
    emptyOutDir: true,
    target: "es2022",
    // Nothing as a data: address, for the content-security policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Whose work is in the bundle, for whoever deploys the page alone.
    license: { fileName: "licenses.md" },
  },
  test: {
    // A browser's document costs a second to set up, so only tests of views get one.
    projects: [
      { extends: true, test: { name: "logic", environment: "node", include: ["test/**/*.test.ts"] } },
      { extends: true, test: { name: "views", environment: "jsdom", include: ["test/**/*.test.tsx"], testTimeout: 30_000 } },
    ],
  },
});
