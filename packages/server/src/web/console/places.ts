import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppPlaces, AppSources } from "../build/places.ts";

/** The sources of the console's app in a checkout, which Vite builds. */
export function consoleSources(workspace: string): AppSources {
  return {
    root: join(workspace, "../.."),
    workspace,
    manifest: join(workspace, "package.json"),
    files: [
      "package-lock.json",
      "packages/console/{index.html,package.json,tsconfig.json,vite.config.ts}",
      "packages/{console,client,grammar,protocol,token}/src/**/*",
    ],
    dist: join(workspace, "dist"),
    builder(outDir) {
      const vite = findVite(workspace);
      return vite === undefined
        ? undefined
        : [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
    },
  };
}

function findVite(workspace: string): string | undefined {
  try {
    const manifest = createRequire(join(workspace, "package.json")).resolve("vite/package.json");
    return join(dirname(manifest), "bin/vite.js");
  } catch {
    return undefined;
  }
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** In the published package the app is beside this file. A checkout has its sources, and maybe a build of them. */
export const consolePlaces: AppPlaces = import.meta.url.endsWith(".ts")
  ? {
      sources: consoleSources(path("../../../../console/")),
      cache: path("../../../../../node_modules/.cache/sluice-console/"),
    }
  : { packaged: path("./app/") };
