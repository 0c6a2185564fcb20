import type { FastifyRequest } from "fastify";
import type { Services } from "../../../app/services.ts";
import { eventContextOf } from "../../../events/event-context.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { Endpoint } from "./file-object.ts";

/** What the routes of the media API need. */
export type FilesServices = Pick<
  Services,
  | "blobs"
  | "config"
  | "customFields"
  | "database"
  | "extensions"
  | "keyPairs"
  | "logger"
  | "now"
  | "publicUrl"
  | "scanner"
>;

/** Who is told of what the request changes; and when that is. */
export function changeOf({ now, publicUrl }: FilesServices, request: FastifyRequest) {
  return { events: eventContextOf(principalOfRequest(request), publicUrl()), now: now() };
}

/** Under which address the caller's files are delivered. */
export function endpointOf({ publicUrl }: FilesServices, request: FastifyRequest): Endpoint {
  return { publicUrl: publicUrl(), imagekitId: principalOfRequest(request).imagekitId };
}
