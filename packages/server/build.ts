import { copyFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import scalar from "@scalar/fastify-api-reference";
import Fastify from "fastify";

/**
 * The renderer of the API's reference as one script, gzipped: Scalar, whose plugin for Fastify carries the whole script.
 * The published package has a copy of it, so that operators don't install what the script is made of.
 */
export async function bundleRenderer(): Promise<Buffer<ArrayBuffer>> {
  const app = Fastify();
  try {
    await app.register(scalar, { routePrefix: "/reference", configuration: { content: {} } });
    const { statusCode, rawPayload } = await app.inject("/reference/js/scalar.js");
    if (statusCode !== 200) throw new Error(`the renderer's plugin answered ${statusCode}`);
    return await promisify(gzip)(rawPayload, { level: 9 });
  } finally {
    await app.close();
  }
}

/** The place of the copy in the package, beside the module that reads it. */
const target = fileURLToPath(new URL("dist/pages/reference/renderer.js.gz", import.meta.url));

if (import.meta.main) {
  await writeFile(target, await bundleRenderer());
  // The script's licence asks for its text beside each copy.
  const licence = new URL("../LICENSE", import.meta.resolve("@scalar/fastify-api-reference"));
  await copyFile(licence, `${target}.LICENSE`);
}
