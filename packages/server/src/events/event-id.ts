import { randomUUID } from "node:crypto";

/**
 * Creates a UUID of version 7. It begins with the time, so that rows of the same moment share pages in the database,
 * and rows that are too old are the beginning of the table.
 * @param at Unix milliseconds
 */
export function newEventId(at: number): string {
  // The time replaces the random UUID's own version and everything before the version.
  return `${firstEventId(at).slice(0, 13)}-7${randomUUID().slice(15)}`;
}

/** The ids of all events from before this time sort before this id. */
export function firstEventId(at: number): string {
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

export function isEventId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
