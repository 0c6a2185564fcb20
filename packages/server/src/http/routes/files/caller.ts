import type { FastifyRequest } from "fastify";
import { eventContextOf } from "../../../events/event-context.ts";
import type { Endpoint } from "../../../library/files/file-object.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FilesNeeds } from "./needs.ts";

/** The context of a request's change: who is told of it, and when it happens. */
export function changeOf({ now, publicUrl }: Pick<FilesNeeds, "now" | "publicUrl">, request: FastifyRequest) {
  return { events: eventContextOf(principalOfRequest(request), publicUrl()), now: now() };
}

/** The address under which the caller's files are delivered. */
export function endpointOf({ publicUrl }: Pick<FilesNeeds, "publicUrl">, request: FastifyRequest): Endpoint {
  return { publicUrl: publicUrl(), imagekitId: principalOfRequest(request).imagekitId };
}
