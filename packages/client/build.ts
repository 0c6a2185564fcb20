import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type OutputChunk, type Plugin } from "rolldown";
import { licencesOf } from "../../scripts/licences.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The file that a page loads. */
export const clientFile = "sluice-client.js";

/**
 * Bundles the client as minified ES modules, by path. A page loads one file. That file loads one of the others to upload
 * a large file, or to report a mistake that the page's developer has to know about.
 */
export async function bundleClient(): Promise<ReadonlyMap<string, string>> {
  return new Map((await chunks()).map(({ fileName, code }) => [fileName, code]));
}

async function chunks(): Promise<OutputChunk[]> {
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
  return output.filter((file) => file.type === "chunk");
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
  for (const chunk of await chunks()) {
    const target = here(`dist/${chunk.fileName}`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, chunk.code);
    const licences = await licencesOf(chunk.moduleIds);
    if (licences) await writeFile(`${target}.LICENSE`, licences);
  }
}
