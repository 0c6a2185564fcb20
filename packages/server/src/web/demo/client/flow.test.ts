import type { UploadResponse } from "@sluice/client";
import { expect, test } from "vitest";
import { createFlows } from "./flow.ts";

const file = (name: string) => new File([name], name);
const result = { fileId: "0" } as UploadResponse;

test("a file has one flow, and those that have ended are told of, the newest first", () => {
  const flows = createFlows();
  const [a, b, c] = [file("a"), file("b"), file("c")];
  const first = flows.of(a);
  first.result = result;
  flows.of(b);
  flows.of(c).result = result;
  expect(flows.of(a)).toBe(first);
  expect(flows.ended().map(({ file }) => file.name)).toEqual(["c", "a"]);
});

test("old ones are forgotten, with their files", () => {
  const flows = createFlows();
  for (let index = 0; index < 30; index++) flows.of(file(`${index}`)).result = result;
  const names = flows.ended().map(({ file }) => file.name);
  expect([names.length, names.at(0), names.at(-1)]).toEqual([20, "29", "10"]);
});
