import { readFile } from "node:fs/promises";
import { bundle } from "./bundle.ts";
import { signIn, userOf } from "./session.ts";
import { settings } from "./settings.ts";

type Handler = (request: Request) => Promise<Response>;

/** The rest of the application: the page, its script and the sign-in. */
export function createSite(pageUrl: URL, scriptUrl: URL): Handler {
  const routes: Readonly<Record<string, Handler>> = {
    "GET /": async (request) => {
      const page = await readFile(pageUrl, "utf8");
      const html = page.replaceAll("{{user}}", userOf(request) ?? "").replaceAll("{{sluice}}", settings.sluiceUrl);
      return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
    },
    "GET /page.js": async () => {
      return new Response(await bundle(scriptUrl), { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
    },
    "POST /sign-in": signIn,
  };
  return async (request) => {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    return (await route?.(request)) ?? new Response("There is nothing here.\n", { status: 404 });
  };
}

export const site = createSite(new URL("page.html", import.meta.url), new URL("page.ts", import.meta.url));
