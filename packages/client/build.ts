import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "rolldown";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The file that a page loads. */
export const clientFile = "sluice-client.js";

/**
 * Bundles the client as minified ES modules, by path. A page loads one file. That file loads another one only to report
 * a mistake that the page's developer has to know about.
 */
export async function bundleClient(): Promise<ReadonlyMap<string, string>> {
  const { output } = await build({
    input: here("src/bundle.ts"),
    platform: "browser",
    resolve: { conditionNames: ["sluice-source", "import", "default"] },
    output: {
      format: "esm",
      minify: true,
      comments: false,
      entryFileNames: clientFile,
      chunkFileNames: "client/[name].js",
    },
    plugins: [minifyStyles],
    write: false,
  });
  return new Map(output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file.code]] : [])));
}

/** Rolldown doesn't minify the text of template strings. */
const minifyStyles: Plugin = {
  name: "minify-styles",
  transform: {
    filter: { id: /styles\.ts$/ },
    handler: (code) => code.replace(/`[^`]*`/g, minifyCss),
  },
};

/**
 * Removes white space that separates nothing. White space before a colon stays, because it may belong to a selector.
 */
function minifyCss(css: string): string {
  return css
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replaceAll(";}", "}");
}

if (import.meta.main) {
  for (const [path, code] of await bundleClient()) {
    const target = here(`dist/${path}`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
}
