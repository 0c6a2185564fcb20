import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerPage } from "../web/pages/server-page.ts";

/**
 * Whether a person opens the URL in a browser, who gets a page. Programs, and pages that load something, get what
 * programs can read. A browser that says what it loads for says `document` when somebody opens the URL in a tab.
 */
export function opensPage({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean {
  const { accept, "sec-fetch-dest": destination = "document" } = headers;
  return (method === "GET" || method === "HEAD") && destination === "document" && /\btext\/html\b/i.test(accept ?? "");
}

/** Sends a page of the server's own, with the status that the reply has. */
export function sendPage(reply: FastifyReply, { html, headers }: ServerPage): FastifyReply {
  return reply.headers(headers).send(html);
}
