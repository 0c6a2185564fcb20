import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "rolldown";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Everything that a page may want from the client, as one minified ES module. */
export async function bundleClient(): Promise<string> {
  const { output } = await build({
    input: here("src/bundle.ts"),
    platform: "browser",
    resolve: { conditionNames: ["sluice-source", "import", "default"] },
    output: { format: "esm", minify: true, comments: false, codeSplitting: false },
    plugins: [minifyStyles],
    write: false,
  });
  return output[0].code;
}

/** Rolldown leaves the text of template strings as it is. */
const minifyStyles: Plugin = {
  name: "minify-styles",
  transform: {
    filter: { id: /styles\.ts$/ },
    handler: (code) => code.replace(/`[^`]*`/g, minifyCss),
  },
};

/** White space that separates nothing: not that before a colon, which may be a selector's. */
function minifyCss(css: string): string {
  return css
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replaceAll(";}", "}");
}

if (import.meta.main) await writeFile(here("dist/sluice-client.js"), await bundleClient());
