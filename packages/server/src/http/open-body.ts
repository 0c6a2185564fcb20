import type { FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../config/limits.ts";
import { BodyReader } from "../upload/form/receive/body-reader.ts";
import { continueRequest } from "./plugins/expect-continue.ts";

type BodyLimits = Pick<Limits, "bodyBytesPerSecond" | "requestMs" | "stallMs">;

/**
 * Has the client send the body that it may hold back, and opens it. It has to come within the time that a request may
 * take. Its memory is given back with the answer. The caller detaches it before it answers.
 */
export function openBody(limits: BodyLimits, request: FastifyRequest, reply: FastifyReply): BodyReader {
  continueRequest(request.raw, reply.raw);
  const body = new BodyReader(request.raw, {
    stallMs: limits.stallMs,
    bytesPerSecond: limits.bodyBytesPerSecond,
    deadline: performance.now() + limits.requestMs - reply.elapsedTime,
  });
  reply.raw.once("finish", () => body.releaseMemory());
  return body;
}

/** The content length as a number; undefined without one. Node has already refused a value that is no number. */
export function contentLengthOf({ headers }: FastifyRequest): number | undefined {
  const header = headers["content-length"];
  return header === undefined ? undefined : Number(header);
}
