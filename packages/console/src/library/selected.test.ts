import { expect, test } from "vitest";
import type { Choice } from "./choice.ts";
import type { FileRef, Item } from "./items.ts";
import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import {
  choiceFrom,
  isSelected,
  nothing,
  ofItems,
  replaced,
  type Selected,
  toggled,
  withFolders,
  without,
} from "./selected.ts";
import type { Span } from "./span.ts";

const file = (n: number, tag = ""): LibraryFile =>
  ({ type: "file", fileId: `file ${n}`, name: `${n}${tag}.txt`, filePath: `/${n}.txt`, url: "" }) as LibraryFile;
const folder = (n: number): LibraryFolder =>
  ({ type: "folder", folderId: `folder ${n}`, name: `${n}`, folderPath: `/${n}` }) as LibraryFolder;
const files = (from: number, end: number) => Array.from({ length: end - from }, (_, place) => file(from + place));
const keys = (...numbers: number[]) => new Set(numbers.map((n) => `file ${n}`));

/** The files from one number to another, found already or not. */
function spanOf(from: number, end: number, isFound: boolean, gone: ReadonlySet<string> = new Set()): Span {
  const left = files(from, end).filter(({ fileId }) => !gone.has(fileId));
  const found = new Map(left.map((each) => [each.fileId, each as FileRef]));
  const span: Pick<Span, "found" | "has" | "count" | "collect" | "without"> = {
    found: isFound ? found : undefined,
    has: (_, index) => from <= index && index < end,
    count: (total) => (isFound ? found.size : total === undefined ? undefined : Math.min(total, end) - from),
    collect: async () => found,
    without: (keys) => spanOf(from, end, isFound, new Set([...gone, ...keys])),
  };
  return span as Span;
}

const facts = { total: 300, shift: 0, hasAllFolders: true };
const has = (selected: Selected, item: Item, index: number) => isSelected(selected, item, index, 0);
const namesIn = async (choice: Choice) =>
  (await choice.collect(new AbortController().signal)).map(({ fileId }) => fileId);

test.each([true, false])(
  "a span but some files has exactly the number of the others, found or not: %s",
  async (isFound) => {
    let selected: Selected = ofItems([folder(1)], spanOf(0, 300, isFound));
    expect(choiceFrom(selected, facts)).toMatchObject({ count: 301, fileCount: 300 });
    for (const n of [3, 200]) selected = toggled(selected, file(n), n, 0);
    expect([has(selected, file(3), 3), has(selected, file(4), 4)]).toEqual([false, true]);
    const choice = choiceFrom(selected, facts);
    expect(choice).toMatchObject({ count: 299, fileCount: 298 });
    const collected = await namesIn(choice);
    expect(collected).toHaveLength(298);
    expect(collected.filter((id) => keys(3, 200).has(id))).toEqual([]);
    selected = toggled(selected, file(3), 3, 0);
    expect(choiceFrom(selected, facts).count).toBe(300);
  },
);

test("a file outside of the span is selected beside it, and no file is counted twice", async () => {
  let selected = toggled(ofItems([], spanOf(10, 20, true)), file(40), 40, 0);
  expect(has(selected, file(40), 40)).toBe(true);
  expect(choiceFrom(selected, facts).count).toBe(11);
  // The list has changed, and the file stands in the span now.
  selected = { ...selected, span: spanOf(10, 41, true) };
  expect(choiceFrom(selected, facts).count).toBe(31);
  expect(await namesIn(choiceFrom(selected, facts))).toHaveLength(31);
});

test("nobody knows the number of a list that has not been counted, or whose folders still load", () => {
  const all = ofItems([], spanOf(0, 300, false));
  expect(choiceFrom(all, { ...facts, total: undefined })).toMatchObject({ count: undefined, fileCount: undefined });
  const growing = { ...all, seenFolders: new Set<string>() };
  expect(choiceFrom(growing, { ...facts, hasAllFolders: false })).toMatchObject({
    count: undefined,
    fileCount: 300,
    areFoldersKnown: false,
  });
  expect(choiceFrom(growing, facts).count).toBe(300);
});

test("while all is selected, folders that load later are selected as well, and none that others make afterwards", () => {
  const folders = [folder(1), folder(2), folder(3)];
  let selected: Selected = { ...ofItems(folders.slice(0, 1)), seenFolders: new Set(["folder 1"]) };
  selected = withFolders(selected, folders.slice(0, 2), false);
  expect([...selected.items.keys()]).toEqual(["folder 1", "folder 2"]);
  selected = withFolders(toggled(selected, folder(2), 0, 0), folders, true);
  expect([...selected.items.keys()]).toEqual(["folder 1", "folder 3"]);
  expect(withFolders(selected, [folder(0), ...folders], true)).toBe(selected);
});

test("what is gone is selected no more, and what is changed is as it is now", async () => {
  const all = toggled(ofItems([file(400)], spanOf(0, 300, true)), file(5), 5, 0);
  const rest = without(all, keys(5, 6, 400));
  expect(choiceFrom(rest, facts).count).toBe(298);
  expect(await namesIn(choiceFrom({ ...nothing, items: rest.items }, facts))).toEqual([]);
  const renamed = replaced(ofItems([file(1)]), [file(1, " new"), file(2)]);
  expect(choiceFrom(renamed, facts).files.map(({ name }) => name)).toEqual(["1 new.txt"]);
});
