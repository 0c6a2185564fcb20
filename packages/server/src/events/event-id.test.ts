import { expect, test } from "vitest";
import { firstEventId, isEventId, newEventId } from "./event-id.ts";

test("is a UUID of version 7, in the order of time, and never the same", () => {
  const at = Date.UTC(2026, 4, 1);
  const ids = [at - 1, at, at + 1].map(newEventId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(newEventId(at)).not.toBe(newEventId(at));
  expect(newEventId(at) > firstEventId(at)).toBe(true);
  expect(newEventId(at - 1) < firstEventId(at)).toBe(true);
  expect(isEventId(newEventId(at))).toBe(true);
  expect(isEventId("598821f949c0a938d57563bd")).toBe(false);
});
