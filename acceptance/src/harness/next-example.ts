import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { toNodeListener } from "@sluice/token";
import { build } from "rolldown";
import { exampleEnvironment, type RunningExample } from "./example.ts";
import { listen } from "./listen.ts";

const example = new URL("../../../examples/next/app/", import.meta.url);
const routes: Readonly<Record<string, string>> = {
  "/api/upload-token": "api/upload-token/route.ts",
  "/sign-in": "sign-in/route.ts",
};

const page = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Upload</title>
<body><script type="module" src="/page.js"></script></body></html>`;

/**
 * Serves `examples/next` without Next.js. It calls the functions that the routes export with a standard request, and
 * renders the page with Preact. The paths follow Next's own rule for which file serves which path.
 */
export async function startNextExample(sluiceUrl: string): Promise<RunningExample> {
  Object.assign(process.env, exampleEnvironment(sluiceUrl));
  const listener = toNodeListener(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return typed("html", page);
    if (pathname === "/page.js") return typed("javascript", await pageScript(sluiceUrl));
    const file = routes[pathname];
    const route = file === undefined ? {} : await import(new URL(file, example).href);
    return (await route[request.method]?.(request)) ?? new Response(null, { status: 404 });
  });
  const { port, close } = await listen(createServer(listener));
  return { url: `http://127.0.0.1:${port}`, stop: close };
}

async function pageScript(sluiceUrl: string): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(new URL("../../pages/next.js", import.meta.url)),
    platform: "browser",
    resolve: {
      alias: { "react/jsx-runtime": "preact/jsx-runtime", react: "preact/compat" },
      conditionNames: ["sluice-source", "browser", "import", "default"],
    },
    transform: {
      define: { "process.env.NEXT_PUBLIC_SLUICE_URL": JSON.stringify(sluiceUrl) },
      jsx: { runtime: "automatic", importSource: "react" },
    },
    // Rolldown would warn that "use client" means nothing to it.
    logLevel: "silent",
    write: false,
  });
  return output[0].code;
}

function typed(kind: string, text: string): Response {
  return new Response(text, { headers: { "Content-Type": `text/${kind}; charset=utf-8` } });
}
