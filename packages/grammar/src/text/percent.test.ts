import { expect, test } from "vitest";
import { percentDecode } from "./percent.ts";

test.each([
  ["plain", "plain"],
  ["%E0%A4%B9", "ह"],
  ["30%%20off", "30% off"],
  ["100%", "100%"],
  ["%zz%4", "%zz%4"],
  ["%252e", "%2e"],
  ["a+b", "a+b"],
  ["%EF%BB%BFa", "\ufeffa"],
])("%s is %s", (raw, text) => {
  expect(percentDecode(raw)).toBe(text);
});

test.each(["%C0%AE", "%C1%9C", "%ff", "%E0%A4", "%ED%A0%80"])("%s is no UTF-8", (raw) => {
  expect(percentDecode(raw)).toBeUndefined();
});
