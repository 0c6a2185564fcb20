import { queryOptions } from "@tanstack/react-query";
import { call } from "../api/call.ts";

export const jobsKey = ["jobs"] as const;

/** The query for the number of the account's jobs by kind. */
export const jobQueues = queryOptions({
  queryKey: [...jobsKey, "queues"],
  queryFn: async ({ signal }) => (await call("GET /_sluice/jobs/queues", {}, signal)).body,
});
