import type { FastifyRequest } from "fastify";
import { eventContextOf } from "../../../events/event-context.ts";
import type { FolderCaller } from "../../../library/folders/manage-folders.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FoldersNeeds } from "./needs.ts";

/** Whose folders a request is about, and who is told of what it changes. */
export function callerOf({ publicUrl }: Pick<FoldersNeeds, "publicUrl">, request: FastifyRequest): FolderCaller {
  const principal = principalOfRequest(request);
  const url = publicUrl();
  return { accountId: principal.accountId, events: eventContextOf(principal, url), publicUrl: url };
}
