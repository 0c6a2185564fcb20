import { afterEach, expect, test } from "vitest";
import { dismissAll, noticeStore } from "../shell/notice-store.ts";
import { tellDeletion } from "./deletion-notice.ts";

afterEach(dismissAll);

const undone: string[] = [];
const deletion = (name: string) => ({ names: [name], undo: () => void undone.push(name) });
const forGood = (name: string) => ({ names: [name], undo: undefined });
const shown = () => noticeStore.current().map(({ entries, action }) => [entries?.length, action?.label]);

test("deletions in a row have one notice, which undoes all of them", () => {
  for (const name of ["a.jpg", "b.jpg"]) tellDeletion(deletion(name));
  expect(shown()).toEqual([[2, "Undo all"]]);
  noticeStore.current()[0]?.action?.run();
  expect(undone).toEqual(["a.jpg", "b.jpg"]);
});

test("where one of them can't be undone, none says that all can", () => {
  tellDeletion(forGood("a folder"));
  expect(shown()).toEqual([[0, undefined]]);
  tellDeletion(deletion("b.jpg"));
  expect(shown()).toEqual([[2, undefined]]);
  expect(noticeStore.current()[0]?.entries?.map(({ action }) => action?.label)).toEqual([undefined, "Undo"]);
});
