import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskHistory, type Survivors } from "./disk-history.ts";
import type { Action } from "./trace.ts";

let target: string;
beforeEach(async () => {
  target = join(await mkdtemp(join(tmpdir(), "sluice-history-")), "restored");
});
afterEach(() => rm(join(target, ".."), { recursive: true }));

const write = (path: string, text: string, offset = 0): Action => ({
  kind: "write",
  path,
  offset,
  bytes: Buffer.from(text),
});

async function restored(actions: readonly Action[], survivors: Survivors, cut = actions.length) {
  await rm(target, { recursive: true, force: true });
  const trace = actions.map((action, index) => ({ ...action, begin: index, end: index }));
  await new DiskHistory(trace, "/top/data").restore(target, cut, survivors);
  const names = await readdir(target, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((path) => readFile(path, "utf8")));
  return Object.fromEntries(files.map((path, index) => [path.slice(target.length + 1), contents[index]]));
}

const synced: Survivors = { bytes: "synced", names: "synced" };
const written: Survivors = { bytes: "written", names: "written" };

const made: Action[] = [
  { kind: "make folder", path: "/top/data" },
  { kind: "sync", path: "/top" },
  { kind: "create", path: "/top/data/a" },
  write("/top/data/a", "first"),
];

test("a file is there once its folder is synced, with the bytes of its own last sync", async () => {
  expect(await restored(made, synced)).toEqual({});
  const named: Action[] = [...made, { kind: "sync", path: "/top/data" }];
  expect(await restored(named, synced)).toEqual({ a: "" });
  const kept: Action[] = [...named, { kind: "sync", path: "/top/data/a" }, write("/top/data/a", "FI")];
  expect(await restored(kept, synced)).toEqual({ a: "first" });
  expect(await restored(kept, written)).toEqual({ a: "FIrst" });
  expect(await restored(kept, synced, 5), "a sync at the cut itself came too late").toEqual({ a: "" });
});

test("names and bytes survive apart from each other", async () => {
  expect(await restored(made, { bytes: "synced", names: "written" })).toEqual({ a: "" });
  expect(await restored(made, { bytes: "written", names: "synced" })).toEqual({});
});

test("a link is one file under two names, a removed name comes back until its folder is synced", async () => {
  const linked: Action[] = [
    ...made,
    { kind: "make folder", path: "/top/data/b" },
    { kind: "sync", path: "/top/data" },
    { kind: "sync", path: "/top/data/a" },
    { kind: "link", from: "/top/data/a", to: "/top/data/b/c" },
    { kind: "remove", path: "/top/data/a" },
  ];
  expect(await restored(linked, synced)).toEqual({ a: "first" });
  const both: Action[] = [...linked, { kind: "sync", path: "/top/data/b" }];
  expect(await restored(both, synced)).toEqual({ a: "first", "b/c": "first" });
  expect(await restored([...both, { kind: "sync", path: "/top/data" }], synced)).toEqual({ "b/c": "first" });
});

test("cut short and written beyond its end, a file has zeros in between", async () => {
  const actions: Action[] = [
    ...made,
    { kind: "truncate", path: "/top/data/a", length: 2 },
    write("/top/data/a", "x", 4),
  ];
  expect(await restored(actions, written)).toEqual({ a: "fi\0\0x" });
});

test("a sync that began before a write had ended does not hold for it", async () => {
  const trace = [...made, { kind: "sync", path: "/top/data" }, { kind: "sync", path: "/top/data/a" }] as const;
  const overlapping = trace.map((action, index) => ({ ...action, begin: index === 5 ? 2.5 : index, end: index }));
  await new DiskHistory(overlapping, "/top/data").restore(target, 10, synced);
  expect(await readFile(join(target, "a"), "utf8")).toBe("");
});
