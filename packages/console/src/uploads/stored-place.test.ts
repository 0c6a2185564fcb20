import { expect, test } from "vitest";
import { differentPlace, storedPlace } from "./stored-place.ts";

test.each([
  ["/", "plan.txt", undefined],
  ["/", "summer sale.jpg", "summer_sale.jpg"],
  ["/a/My photos", "b.jpg", "/a/My_photos/b.jpg"],
  ["/a/My photos", "b c.jpg", "/a/My_photos/b_c.jpg"],
])("of what goes to %s as %s, what differs is %s", (folder, name, expected) => {
  expect(differentPlace({ folder, name }, storedPlace({ folder, name }))).toBe(expected);
});
