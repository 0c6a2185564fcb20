import { expect, test } from "vitest";
import { firstStatuses } from "./await-extensions.ts";

test("what somebody is there to do is pending at first, awaited or not, and what nobody does has failed", () => {
  const run = (name: string) => ({
    ...{ id: name, extension: { name, options: {} }, afterSeconds: 0, webhookUrl: null },
    ...{ publicUrl: "http://sluice", imagekitId: "demo" },
  });
  const names = ["google-auto-tagging", "remove-bg", "moderation"];
  const runs = [run("google-auto-tagging"), run("moderation")];
  expect(firstStatuses({ names, runs })).toEqual({
    "google-auto-tagging": "pending",
    "remove-bg": "failed",
    moderation: "pending",
  });
});
