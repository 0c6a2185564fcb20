import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { bundleClient } from "../../../packages/client/build.ts";
import { listen } from "./listen.ts";
import { mint } from "./upload.ts";

declare global {
  interface Window {
    /** The client that the pages import. */
    client: typeof import("@sluice/client");
  }
}

const html = `<!doctype html>
<link rel="icon" href="data:,">
<script type="module">
  import * as client from "/sluice-client.js";
  window.client = client;
</script>`;

export interface ClientPages {
  /** An empty page that has loaded the client. */
  readonly url: string;
  /** The tokens handed out so far, each with the payload that was requested. */
  readonly minted: readonly { readonly token: string; readonly uploadPayload: Readonly<Record<string, string>> }[];
  /** Answers to send instead of a token, one for each of the next requests. */
  readonly instead: ((response: ServerResponse) => void)[];
  /** Mints the token. A test replaces this to hand out a token for something other than the request. */
  mint: (uploadPayload: Readonly<Record<string, string>>) => string;
  close(): Promise<void>;
}

const fileOf = ({ url = "" }: IncomingMessage): string => url.slice(1);

/** Starts an application's own server: a page that uses the client, and a backend that mints its tokens at `/token`. */
export async function startClientPages(): Promise<ClientPages> {
  const client = await bundleClient();
  const minted: { token: string; uploadPayload: Readonly<Record<string, string>> }[] = [];
  const instead: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    const answer =
      { "/": page, "/token": token }[request.url ?? ""] ?? (client.has(fileOf(request)) ? script : undefined);
    if (answer === undefined) response.writeHead(404).end();
    else void answer(request, response);
  });
  function page(_: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/html" }).end(html);
  }
  function script(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/javascript" }).end(client.get(fileOf(request)));
  }
  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { uploadPayload } = JSON.parse(await text(request));
    const other = instead.shift();
    if (other !== undefined) return other(response);
    const fresh = pages.mint(uploadPayload);
    minted.push({ token: fresh, uploadPayload });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token: fresh }));
  }
  const { port, close } = await listen(server);
  const pages: ClientPages = { url: `http://127.0.0.1:${port}/`, minted, instead, mint, close };
  return pages;
}
