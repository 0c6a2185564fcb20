import type { FastifyReply, FastifyRequest } from "fastify";
import { acceptedCoding } from "../delivery/headers/accepted-coding.ts";
import { assetHeaders } from "../web/asset-headers.ts";
import type { AppFile } from "../web/build/app-files.ts";
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

/** Sends a file of an app whose name has a hash of its content: nobody has to ask for it twice. */
export function sendKeptFile(file: AppFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers({ ...assetHeaders(file.type), "cache-control": "public, max-age=31536000, immutable" });
  return sendCoded(file, request, reply);
}

/** Sends the bytes of a file in the coding that the client takes. */
export async function sendCoded({ bytes, coded }: AppFile, request: FastifyRequest, reply: FastifyReply) {
  if (coded === undefined) return reply.send(bytes);
  reply.header("vary", "Accept-Encoding");
  const coding = acceptedCoding(request.headers["accept-encoding"]?.toString());
  return coding === undefined ? reply.send(bytes) : reply.header("content-encoding", coding).send(await coded(coding));
}
