import type { FastifyReply, FastifyRequest } from "fastify";
import { acceptedCoding } from "../delivery/headers/accepted-coding.ts";
import { assetHeaders } from "../web/asset-headers.ts";
import type { AppFile } from "../web/build/app-files.ts";

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
