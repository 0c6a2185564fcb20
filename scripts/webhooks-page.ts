import { eventTypes } from "../packages/server/src/events/event-types.ts";
import { betweenMarkers } from "./between-markers.ts";

/** docs/webhooks.md with its table of events, from their record. */
export function withEventTypes(page: string): string {
  const rows = Object.entries(eventTypes).map(([type, when]) => `| \`${type}\` | ${when} |`);
  return betweenMarkers(page, "events", ["| type | when |", "|---|---|", ...rows].join("\n"));
}
