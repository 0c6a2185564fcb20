import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { queries } from "../api/queries.ts";
import type { Answer } from "../api/routes.ts";

export type Endpoint = Answer<"GET /_sluice/webhooks">[number];
export type EventName = NonNullable<Endpoint["events"]>[number];

const endpointsKey = ["webhooks"] as const;
export const attemptsKey = ["webhook-attempts"] as const;

export function useEndpoints() {
  return useQuery({
    queryKey: endpointsKey,
    queryFn: async ({ signal }) => (await call("GET /_sluice/webhooks", {}, signal)).body,
  });
}

/** Asks for the endpoints, and for what was sent to them, once more. */
export async function renewWebhooks(): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: endpointsKey }),
    queries.invalidateQueries({ queryKey: attemptsKey }),
  ]);
}

/** The types of events, in the order of the documentation. A type that is missing here does not compile. */
const known: Readonly<Record<EventName, true>> = {
  "file.created": true,
  "file.updated": true,
  "file.deleted": true,
  "file-version.created": true,
  "file-version.deleted": true,
  "sluice.trash.added": true,
  "sluice.trash.restored": true,
  "sluice.trash.deleted": true,
  "upload.pre-transform.success": true,
  "upload.pre-transform.error": true,
  "upload.post-transform.success": true,
  "upload.post-transform.error": true,
  "video.transformation.accepted": true,
  "video.transformation.ready": true,
  "video.transformation.error": true,
};

export const eventNames = Object.keys(known) as EventName[];
