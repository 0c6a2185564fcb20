import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerPage } from "../web/pages/server-page.ts";

/** The request headers that `opensPage` reads. */
export const pageVary = "Accept, Sec-Fetch-Dest";

/**
 * Whether a person opens the URL in a browser, who gets a page. Programs, and pages that load something, get what
 * programs can read. A browser that says what it loads for says `document` when somebody opens the URL in a tab.
 */
export function opensPage({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean {
  const { accept, "sec-fetch-dest": destination = "document" } = headers;
  return (method === "GET" || method === "HEAD") && destination === "document" && prefersHtml(accept ?? "");
}

/** A program that takes JSON as well, and likes it no less, is no browser. */
function prefersHtml(accept: string): boolean {
  const weights = new Map(accept.toLowerCase().split(",", maxRanges).map(readRange));
  const weight = weights.get("text/html") ?? 0;
  return weight > (weights.get("application/json") ?? 0);
}

/** Browsers name fewer types than this. Further ones aren't read. */
const maxRanges = 32;

function readRange(range: string): [type: string, weight: number] {
  const [type = "", ...parameters] = range.split(";", maxRanges).map((part) => part.trim());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split("=")[1];
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}

/** Sends a page of the server's own, with the status that the reply has. */
export function sendPage(reply: FastifyReply, { html, headers }: ServerPage): FastifyReply {
  return reply.headers(headers).send(html);
}
