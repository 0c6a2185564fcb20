import { expect, test } from "vitest";
import { type Viewer, viewerOf, viewerOfServer } from "./viewer.ts";

const read = (viewer: Viewer) => `${viewer.accountId} ${viewer.by} ${viewer.role}`;

test("a viewer says who asks, also on another thread", () => {
  expect(read(viewerOf("session", "one", "read"))).toBe("one session read");
  expect(read(structuredClone(viewerOfServer("one")))).toBe("one server full");
});

test("nothing else makes a viewer", () => {
  // @ts-expect-error
  read("one");
  // @ts-expect-error
  read({ accountId: "one", by: "key", role: "full" });
  // @ts-expect-error
  viewerOf("server", "one", "read");
});
