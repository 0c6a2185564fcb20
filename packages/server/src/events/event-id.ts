import { randomUUID } from "node:crypto";

/**
 * A UUID of version 7: it begins with the time, so that rows of one moment share their pages in the database, and what
 * is too old is the beginning of the table.
 * @param at Unix milliseconds
 */
export function newEventId(at: number): string {
  // The random UUID's own version and what stands before it make room for the time.
  return `${firstEventId(at).slice(0, 13)}-7${randomUUID().slice(15)}`;
}

/** Before it are the ids of all events from before that time. */
export function firstEventId(at: number): string {
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

export function isEventId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
