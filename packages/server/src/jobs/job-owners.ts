import type { JobInputs, JobName } from "./job-table.ts";

/** By which member of its input a job is known as an account's, and in whose rows that member's value is an id. */
export interface JobOwner {
  readonly member: string;
  readonly table: "accounts" | "events" | "extension_runs" | "purges" | "webhook_endpoints";
}

/** Every job, so that the jobs of a new name are erased with their account as well. */
const ownersByName = {
  "sweep-blobs": [],
  "sweep-uploads": [],
  "expire-tokens": [],
  "sweep-derived": [],
  "purge-files": [{ member: "purgeId", table: "purges" }],
  "run-extension": [{ member: "runId", table: "extension_runs" }],
  "expire-extensions": [],
  "post-transformation": [{ member: "accountId", table: "accounts" }],
  "expire-transformations": [],
  "expire-events": [],
  "deliver-webhook": [
    { member: "eventId", table: "events" },
    { member: "endpointId", table: "webhook_endpoints" },
  ],
} as const satisfies {
  readonly [Name in JobName]: readonly (JobOwner & { readonly member: keyof JobInputs[Name] & string })[];
};

export const jobOwners: readonly JobOwner[] = Object.values(ownersByName).flat();
