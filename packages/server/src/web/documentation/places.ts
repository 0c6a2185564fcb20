import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppPlaces, AppSources } from "../build/places.ts";

/** The packages that build the site. A checkout without its dev dependencies lacks them. */
const builders = ["marked", "minisearch", "highlight.js", "rolldown"];

/** The pages of a checkout, and the program that makes the documentation's site of them. */
export function documentationSources(root: string): AppSources {
  const program = join(root, "scripts/site/main.ts");
  return {
    root,
    workspace: root,
    manifest: program,
    files: [
      "package-lock.json",
      "{CHANGELOG,CONTRIBUTING,SECURITY}.md",
      "docs/**/*.{md,html,svg,png,webp}",
      "{packages,examples}/*/README.md",
      "examples/README.md",
      "scripts/{site,pages}/**/*",
      "packages/server/src/web/colours.ts",
      "packages/server/src/web/icon.ts",
    ],
    builder: (outDir) =>
      builders.every((name) => isInstalled(root, name)) ? [program, "--outDir", outDir] : undefined,
  };
}

function isInstalled(root: string, name: string): boolean {
  try {
    createRequire(join(root, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** In the published package the site is beside this file. A checkout has its pages. */
export const documentationPlaces: AppPlaces = import.meta.url.endsWith(".ts")
  ? {
      sources: documentationSources(path("../../../../../")),
      cache: path("../../../../../node_modules/.cache/sluice-documentation/"),
    }
  : { packaged: path("./site/") };
