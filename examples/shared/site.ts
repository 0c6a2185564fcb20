import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { listPictures } from "./pictures.ts";
import { signIn, signOut, userOf } from "./session.ts";
import { settings } from "./settings.ts";

type Handler = (request: Request) => Promise<Response>;

interface SiteOptions {
  readonly page: URL;
  readonly script: URL;
  /** Further pages, as they are named in the page's head. */
  readonly links?: readonly (readonly [path: string, name: string])[];
  readonly others?: Readonly<Record<string, Handler>>;
}

const here = (path: string): URL => new URL(path, import.meta.url);

/** The rest of the application: the pages, their scripts, the sign-in, and what else this example has. */
export function createSite({ page, script, links = [], others = {} }: SiteOptions): Handler {
  const routes: Readonly<Record<string, Handler>> = {
    "GET /": servePage(page, links),
    "GET /page.js": serveScript(script),
    "GET /style.css": serveStyles(here("style.css")),
    "GET /pictures": listPictures,
    "POST /sign-in": signIn,
    "POST /sign-out": signOut,
    ...others,
  };
  return async (request) => {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    return (await route?.(request)) ?? new Response("There is nothing here.\n", { status: 404 });
  };
}

/** Whoever is signed in gets the page, and everybody else the one to sign in. */
export function servePage(url: URL, links: SiteOptions["links"] = []): Handler {
  return async (request) => {
    const user = userOf(request);
    const wasWrong = new URL(request.url).searchParams.has("wrong");
    const values: Readonly<Record<string, string>> = {
      user: user ?? "",
      sluice: settings.sluiceUrl,
      alert: wasWrong ? '<p class="bad" role="alert">There is no such user with this password.</p>' : "",
      links:
        links.length > 0 ? `<nav>${links.map(([path, name]) => `<a href="${path}">${name}</a>`).join(" ")}</nav>` : "",
    };
    const page = await readFile(user === undefined ? here("sign-in.html") : url, "utf8");
    const html = page.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
    // Otherwise the Back button would show the page of who has signed out.
    const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
    return new Response(html, { headers });
  };
}

export function serveScript(url: URL): Handler {
  let script: Promise<string> | undefined;
  return async () => {
    script ??= bundle(url);
    return new Response(await script, { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
  };
}

/** @param styles style sheets, in packages by the names under which they are imported */
export function serveStyles(...styles: readonly (URL | string)[]): Handler {
  const pathOf = (style: URL | string) => fileURLToPath(typeof style === "string" ? import.meta.resolve(style) : style);
  return async () => {
    const texts = await Promise.all(styles.map((style) => readFile(pathOf(style), "utf8")));
    return new Response(texts.join("\n"), { headers: { "Content-Type": "text/css; charset=utf-8" } });
  };
}

/** The site of the examples that differ in their framework alone. */
export const site = createSite({ page: here("page.html"), script: here("page.ts") });
