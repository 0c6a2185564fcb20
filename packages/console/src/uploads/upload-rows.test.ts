import type { TaskState } from "@sluice/client";
import { expect, test } from "vitest";
import { uploadRows } from "./upload-rows.ts";

/** The states of the tasks in a list, and the counts of those that are done and of those that are respelled. */
function listed(states: readonly TaskState[], showsDone = false): readonly (string | number)[] {
  const rows = uploadRows(
    states.map((state) => ({ state })),
    showsDone,
    () => false,
  );
  return rows.map((row) => (row.kind === "done" ? row.count : row.task.state));
}

test("failures come first, then what is under way, and what is done is counted", () => {
  const states = ["done", "canceled", "sending", "failed", "done", "queued", "failed"] as const;
  const first = ["failed", "failed", "sending", "queued", "canceled", 2];
  expect(listed(states)).toEqual(first);
  expect(listed(states, true)).toEqual([...first, "done", "done"]);
});

test("what is stored under another name is counted, and stands first among what is done", () => {
  const tasks = ["a", "b c", "d e", "f"].map((name) => ({ state: "done", name }) as const);
  const isRespelled = ({ name }: { readonly name: string }) => name.includes(" ");
  const names = uploadRows(tasks, true, isRespelled).map((row) => (row.kind === "task" ? row.task.name : row));
  expect(names).toEqual(["b c", "d e", "a", "f"]);
  const failed = { state: "failed", name: "g" } as const;
  expect(uploadRows([...tasks, failed], false, isRespelled).at(-1)).toEqual({ kind: "done", count: 4, respelled: 2 });
});

test("where everything is done, it is listed, and nothing is counted where nothing is done", () => {
  expect(listed(["done", "done"])).toEqual(["done", "done"]);
  expect(listed(["failed"])).toEqual(["failed"]);
});
