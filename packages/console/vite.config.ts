import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { themeVariables } from "./src/theme/variables-plugin.ts";

/** The path under which the server serves the console. */
const base = "/console/";

/** `SLUICE_URL` names the server that the development server passes requests on to. */
const server = process.env.SLUICE_URL ?? "http://127.0.0.1:3000";

export default defineConfig(({ command }) => {
  // A build in a test, or with another NODE_ENV, is the published one: with its checks React is 70 KB larger, gzipped.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    base,
    plugins: [react(), themeVariables],
    resolve: { conditions: ["sluice-source", "module", "browser", "development|production"] },
    build: {
      outDir: "dist",
      target: "es2022",
      // The policy of the page allows no data: scripts, and small files cost little over one connection.
      assetsInlineLimit: 0,
      cssCodeSplit: true,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // A view would be made of thirty small files otherwise, and each request costs more than the code in it.
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: "first", tags: ["$initial"] },
              { name: "shared", minShareCount: 2 },
            ],
          },
        },
      },
    },
    server: { proxy: { "^/(?!console)": { target: server, changeOrigin: false } } },
  };
});
