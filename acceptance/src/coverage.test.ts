import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { embeddedOnly } from "./harness/embedded-only.ts";
import { oneProcessOnly } from "./harness/one-process-only.ts";

const coverage = new URL("../coverage/", import.meta.url);
const suite = new URL("./", import.meta.url);

interface Row {
  readonly table: string;
  readonly place: string;
  readonly shownBy: string;
}

async function readRows(): Promise<Row[]> {
  const tables = (await readdir(coverage)).filter((name) => name.endsWith(".md"));
  const rows = await Promise.all(
    tables.map(async (table) => {
      const lines = (await readFile(new URL(table, coverage), "utf8")).split("\n");
      const cells = lines
        .filter((line) => line.startsWith("|"))
        .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
      return cells.slice(2).map(([, place = "", , shownBy = ""]) => ({ table, place, shownBy }));
    }),
  );
  return rows.flat();
}

test("each row of the protocol is shown by a test that exists, or says what puts it off", async () => {
  const rows = await readRows();
  expect(rows.length).toBeGreaterThan(100);
  const texts = new Map<string, string>();
  for (const name of await readdir(suite, { recursive: true })) {
    if (name.endsWith(".ts")) texts.set(name, await readFile(new URL(name, suite), "utf8"));
  }
  const wrong = rows.filter(({ shownBy }) => {
    if (/^put off: \S/.test(shownBy)) return false;
    const references = [...shownBy.matchAll(/([\w./-]+\.ts) › "((?:[^"\\]|\\.)+)"/g)];
    return references.length === 0 || !references.every(([, file = "", name = ""]) => holds(texts.get(file), name));
  });
  expect(wrong).toEqual([]);
});

test.each([
  ["the second pair of engines", embeddedOnly],
  ["the run on two processes", oneProcessOnly],
])("what %s leaves out is there to be left out", async (_, leftOut) => {
  for (const [file, left] of Object.entries(leftOut)) {
    const text = await readFile(new URL(file, suite), "utf8");
    if (typeof left === "object") expect(Object.keys(left).filter((name) => !holds(text, name))).toEqual([]);
  }
});

/** Whether the file has a test of that name, spelt as in the file. */
function holds(text: string | undefined, name: string): boolean {
  return text?.includes(name.replaceAll("\\|", "|")) === true;
}
