import type { FastifyRequest } from "fastify";
import { eventContextOf } from "../../../events/event-context.ts";
import type { FolderCaller } from "../../../library/folders/manage-folders.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FoldersNeeds } from "./needs.ts";

/** Returns the account whose folders a request is about, and the endpoints that are told of its changes. */
export function callerOf({ publicUrl }: Pick<FoldersNeeds, "publicUrl">, request: FastifyRequest): FolderCaller {
  const principal = principalOfRequest(request);
  const url = publicUrl();
  return { accountId: principal.accountId, events: eventContextOf(principal, url), publicUrl: url };
}
