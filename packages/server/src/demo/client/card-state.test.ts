import { expect, test } from "vitest";
import { actionsOf, type CardState, describeState, fractionOf, type StoredFile } from "./card-state.ts";
import { readRefusal, unreachable } from "./refusal.ts";

const file: StoredFile = {
  fileId: "0",
  name: "a.jpg",
  url: "http://localhost/demo/demo/a.jpg",
  size: 1,
  fileType: "image",
  versionInfo: { id: "0", name: "Version 1" },
};

test.each<[CardState, string, number | undefined, string[]]>([
  [{ phase: "waiting" }, "Waiting for its turn", 0, ["cancel"]],
  [{ phase: "token" }, "Asking for a token", 0, ["cancel"]],
  [{ phase: "sending", sent: 512, total: 2048, again: false }, "Sending · 25 % of 2.0 KB", 0.25, ["cancel"]],
  [
    { phase: "sending", sent: 2047, total: 2048, again: true },
    "Same token again · 99 % of 2.0 KB",
    2047 / 2048,
    ["cancel"],
  ],
  [{ phase: "sending", sent: 0, total: 0, again: false }, "Sending · 0 % of 0 bytes", 0, ["cancel"]],
  [{ phase: "processing", again: false }, "Processing on the server", undefined, ["cancel"]],
  [{ phase: "processing", again: true }, "Same token again · processing", undefined, ["cancel"]],
  [{ phase: "stored", file, text: "{}" }, "Stored", 1, ["replay"]],
  [
    { phase: "refused", refusal: readRefusal(400, '{"reason":"FILE_MISSING"}'), spent: true },
    "Refused · 400 FILE_MISSING",
    0,
    ["retry", "replay"],
  ],
  [{ phase: "refused", refusal: readRefusal(403, "{}"), spent: false }, "Refused · 403", 0, ["retry"]],
  [{ phase: "refused", refusal: unreachable(), spent: false }, "Failed · NO_ANSWER", 0, ["retry"]],
  [{ phase: "cancelled", late: false }, "Cancelled", 0, ["retry"]],
  [{ phase: "cancelled", late: true }, "Cancelled · it may be stored all the same", 0, ["retry"]],
])("an upload that is %o says so, and what can be done", (state, words, fraction, actions) => {
  expect(describeState(state)).toBe(words);
  expect(fractionOf(state)).toBe(fraction);
  expect([...actionsOf(state)]).toEqual(actions);
});
