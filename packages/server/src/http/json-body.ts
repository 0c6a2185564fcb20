import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";

/**
 * Bodies are read within the app's limit and left as they are: some clients announce JSON and send none, and some send
 * a body with DELETE, where nothing reads it (docs/protocol/media-api.md §1).
 */
export function keepBodiesRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (_request: unknown, body: Buffer) => body);
}

/**
 * The JSON object that the body holds, whatever its content type says. No body counts as an empty object.
 * @throws SluiceError BODY_INVALID
 */
export function jsonObjectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (!(body instanceof Uint8Array) || body.length === 0) return {};
  const value = parse(body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid();
  return value as Record<string, unknown>;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw invalid({ cause: error });
  }
}

function invalid(options: ErrorOptions = {}): SluiceError {
  return new SluiceError("BODY_INVALID", { problem: "Send a JSON object in UTF-8." }, options);
}
