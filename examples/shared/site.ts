import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { signIn, userOf } from "./session.ts";
import { settings } from "./settings.ts";

type Handler = (request: Request) => Promise<Response>;

/** The rest of the application: the page, its script, the sign-in and what else this example has. */
export function createSite(pageUrl: URL, scriptUrl: URL, others: Readonly<Record<string, Handler>> = {}): Handler {
  const routes: Readonly<Record<string, Handler>> = {
    "GET /": servePage(pageUrl),
    "GET /page.js": serveScript(scriptUrl),
    "POST /sign-in": signIn,
    ...others,
  };
  return async (request) => {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    return (await route?.(request)) ?? new Response("There is nothing here.\n", { status: 404 });
  };
}

export function servePage(url: URL): Handler {
  return async (request) => {
    const page = await readFile(url, "utf8");
    const html = page.replaceAll("{{user}}", userOf(request) ?? "").replaceAll("{{sluice}}", settings.sluiceUrl);
    return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  };
}

export function serveScript(url: URL): Handler {
  return async () => new Response(await bundle(url), { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
}

/** @param styles style sheets of packages */
export function serveStyles(...styles: readonly string[]): Handler {
  return async () => {
    const texts = await Promise.all(styles.map((name) => readFile(fileURLToPath(import.meta.resolve(name)), "utf8")));
    return new Response(texts.join("\n"), { headers: { "Content-Type": "text/css; charset=utf-8" } });
  };
}

export const site = createSite(new URL("page.html", import.meta.url), new URL("page.ts", import.meta.url));
