import { eventTypes } from "../packages/server/src/events/event-types.ts";
import { betweenMarkers } from "./between-markers.ts";

/** Updates the table of events in docs/webhooks.md from the events' record. */
export function withEventTypes(page: string): string {
  const rows = Object.entries(eventTypes).map(([type, when]) => `| \`${type}\` | ${when} |`);
  return betweenMarkers(page, "events", ["| type | when |", "|---|---|", ...rows].join("\n"));
}
