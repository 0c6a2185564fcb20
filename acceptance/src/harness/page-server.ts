import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { listen } from "./listen.ts";

const pages = new URL("../../pages/", import.meta.url);

/** The files that an application's own web server would serve. The pages know nothing of Sluice but its address. */
const files: Readonly<Record<string, { readonly path: string; readonly type: string }>> = {
  "/": page("empty.html", "text/html; charset=utf-8"),
  "/guide.html": page("guide.html", "text/html; charset=utf-8"),
  "/guide.js": page("guide.js", "text/javascript; charset=utf-8"),
  "/browser-sdk.html": page("browser-sdk.html", "text/html; charset=utf-8"),
  "/browser-sdk.js": page("browser-sdk.js", "text/javascript; charset=utf-8"),
  "/imagekit-javascript.js": {
    path: fileURLToPath(new URL("imagekit.esm.js", import.meta.resolve("@imagekit/javascript"))),
    type: "text/javascript; charset=utf-8",
  },
  "/jquery.js": { path: createRequire(import.meta.url).resolve("jquery"), type: "text/javascript; charset=utf-8" },
};

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startPageServer(): Promise<PageServer> {
  const server = createServer(async (request, response) => {
    const file = files[request.url?.split("?")[0] ?? ""];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": file.type }).end(await readFile(file.path));
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, close };
}

function page(name: string, type: string): { path: string; type: string } {
  return { path: fileURLToPath(new URL(name, pages)), type };
}
