import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { type FetchHandler, toNodeListener } from "@sluice/token";
import type { Browser, Page } from "playwright-core";
import { bundle } from "../../../examples/shared/bundle.ts";
import { watchProblems } from "./browser.ts";
import { listen } from "./listen.ts";
import type { Snippets } from "./snippets.ts";

export interface SnippetPages {
  readonly url: string;
  /** Calls a snippet's exported `uploadFile` in a new page. The default file has five bytes. */
  upload(
    browser: Browser,
    file: string,
    content?: string,
  ): Promise<{ readonly page: Page; readonly answer: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** Starts the server of an application's pages. Their scripts are snippets, bundled as an application would do it. */
export async function startSnippetPages(
  snippets: Snippets,
  routes: Readonly<Record<string, FetchHandler>> = {},
): Promise<SnippetPages> {
  const page = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Upload</title></html>';
  const all: Readonly<Record<string, FetchHandler>> = { "/": async () => typed("html", page), ...routes };
  const script = async (path: string) => typed("javascript", await bundle(pathToFileURL(`${snippets.folder}${path}`)));
  const serve: FetchHandler = async (request) => {
    const { pathname } = new URL(request.url);
    return (await all[pathname]?.(request)) ?? script(pathname);
  };
  const { port, close } = await listen(createServer(toNodeListener(serve)));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async upload(browser, file, content = "hello") {
      const opened = await browser.newPage();
      const problems = watchProblems(opened);
      await opened.goto(url);
      const made = `new File([${JSON.stringify(content)}], "hello.txt")`;
      const call = `import("/${file}").then(({ uploadFile }) => uploadFile(${made}))`;
      const answer = await opened.evaluate<Record<string, unknown>>(call);
      if (problems.length > 0) throw new Error(`the page complains: ${problems.join("\n")}`);
      return { page: opened, answer };
    },
    close,
  };
}

function typed(kind: string, text: string): Response {
  return new Response(text, { headers: { "Content-Type": `text/${kind}; charset=utf-8` } });
}
