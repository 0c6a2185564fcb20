import { PurgeReceipt, PurgeRequest, PurgeStatus } from "../schemas/purge.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { requestId } from "./path-parameters.ts";

export const cache = {
  purgeFiles: {
    id: "purge-cache",
    method: "POST",
    path: "/v1/files/purge",
    tag: "Cache",
    summary: "Have derived images made anew",
    sdk: "cache.invalidation.create",
    access: changing,
    body: PurgeRequest,
    answers: { 201: PurgeReceipt },
    errors: ["PARAMETER_INVALID", "PURGE_URL_INVALID"],
  },
  getPurgeStatus: {
    id: "purge-status",
    method: "GET",
    path: "/v1/files/purge/:requestId",
    tag: "Cache",
    summary: "Get the status of a purge",
    sdk: "cache.invalidation.get",
    access: reading,
    parameters: { requestId },
    answers: { 200: PurgeStatus },
    errors: ["PURGE_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
