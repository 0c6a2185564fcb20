import type { Choice } from "./choice.ts";
import { filesAmong, foldersAmong, type Item, isFolder, keyOf, refOf } from "./items.ts";
import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import type { Span } from "./span.ts";

/** A description of what is selected: single items, and the files of a span but some. */
export interface Selected {
  readonly items: ReadonlyMap<string, Item>;
  readonly span: Span | undefined;
  /** The ids of the span's files that are not selected. */
  readonly except: ReadonlySet<string>;
  /** While all folders are selected and some still load, the ids of the others. Those that load later are selected as well. */
  readonly seenFolders: ReadonlySet<string> | undefined;
}

/** What a view knows of its list. */
export interface ListFacts {
  /** The number of files, where it is exact. */
  readonly total: number | undefined;
  readonly shift: number;
  /** Whether all folders of the view have been loaded. */
  readonly hasAllFolders: boolean;
}

const none: ReadonlySet<string> = new Set();
export const nothing: Selected = { items: new Map(), span: undefined, except: none, seenFolders: undefined };

export function ofItems(items: readonly Item[], span?: Span): Selected {
  return { ...nothing, items: new Map(items.map((item) => [keyOf(item), item])), span };
}

/** @param index of a file in the list, counted from 0 */
export function isSelected({ items, span, except }: Selected, item: Item, index: number, shift: number): boolean {
  const key = keyOf(item);
  if (items.has(key)) return true;
  return span !== undefined && !isFolder(item) && !except.has(key) && span.has(key, index, shift);
}

/** Selects or unselects one item. */
export function toggled(selected: Selected, item: Item, index: number, shift: number): Selected {
  const { span } = selected;
  const key = keyOf(item);
  const items = new Map(selected.items);
  if (items.delete(key)) return { ...selected, items };
  if (span === undefined || isFolder(item) || !span.has(key, index, shift))
    return { ...selected, items: items.set(key, item) };
  const except = new Set(selected.except);
  if (!except.delete(key)) except.add(key);
  return { ...selected, except };
}

/** Unselects what is no longer there. */
export function without({ items, span, except, ...rest }: Selected, keys: ReadonlySet<string>): Selected {
  return {
    ...rest,
    items: new Map([...items].filter(([key]) => !keys.has(key))),
    span: span?.without(keys),
    except: new Set([...except].filter((key) => !keys.has(key))),
  };
}

/** Keeps selected files as they are now. */
export function replaced(selected: Selected, files: readonly LibraryFile[]): Selected {
  const known = files.filter((file) => selected.items.has(keyOf(file)));
  if (known.length === 0) return selected;
  return { ...selected, items: new Map([...selected.items, ...known.map((file) => [keyOf(file), file] as const)]) };
}

/** Selects the folders that have been loaded since all were selected, until all of them have been. */
export function withFolders(selected: Selected, folders: readonly LibraryFolder[], areAll: boolean): Selected {
  const { seenFolders } = selected;
  if (seenFolders === undefined) return selected;
  const added = folders.filter(({ folderId }) => !seenFolders.has(folderId));
  const items = new Map([...selected.items, ...added.map((folder) => [keyOf(folder), folder] as const)]);
  return { ...selected, items, seenFolders: areAll ? undefined : new Set(folders.map(keyOf)) };
}

/** What is selected, for something that is done to it. */
export function choiceFrom(selected: Selected, { total, shift, hasAllFolders }: ListFacts): Choice {
  const { items, span, except, seenFolders } = selected;
  const all = [...items.values()];
  const files = filesAmong(all);
  const folders = foldersAmong(all);
  const inSpan = span === undefined ? 0 : spanCount(span, selected, total);
  const fileCount = inSpan === undefined ? undefined : files.length + inSpan;
  const areFoldersKnown = seenFolders === undefined || hasAllFolders;
  return {
    count: fileCount === undefined || !areFoldersKnown ? undefined : fileCount + folders.length,
    fileCount,
    folders,
    areFoldersKnown,
    files,
    span,
    async collect(signal, tell) {
      const refs = files.map(refOf);
      if (span === undefined) return refs;
      for (const file of (await span.collect(shift, signal, tell)).values()) {
        if (!except.has(file.fileId) && !items.has(file.fileId)) refs.push(file);
      }
      return refs;
    },
  };
}

/** The number of the span's files that are selected and not among the single items. */
function spanCount(span: Span, { items, except }: Selected, total: number | undefined): number | undefined {
  const all = span.count(total);
  if (all === undefined) return undefined;
  if (span.found === undefined) return Math.max(0, all - except.size);
  let left = all;
  for (const key of new Set([...except, ...items.keys()])) if (span.found.has(key)) left--;
  return left;
}
