import type { FastifyRequest } from "fastify";
import { eventContextOf } from "../../../events/event-context.ts";
import type { TrashCaller } from "../../../library/trash/manage-trash.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { TrashRoutesNeeds } from "./needs.ts";

/** The account whose trash a request is about, and the endpoints that are told of its changes. */
export function callerOf({ publicUrl }: Pick<TrashRoutesNeeds, "publicUrl">, request: FastifyRequest): TrashCaller {
  const principal = principalOfRequest(request);
  return { accountId: principal.accountId, events: eventContextOf(principal, publicUrl()) };
}
