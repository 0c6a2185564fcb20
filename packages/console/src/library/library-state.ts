import { texts } from "../texts/texts.ts";

export type Sort = keyof typeof texts.library.sorts;
export type View = "grid" | "list";

/** The state of the library's view. It stands in the address. */
export interface LibraryState {
  /** A search: plain words, or a query of the search language. */
  readonly q?: string;
  /** Whether the search covers the whole library instead of one folder. */
  readonly everywhere?: boolean;
  readonly sort?: Sort;
  readonly view?: View;
  /** The file whose details are open. */
  readonly file?: string;
  /** Shows the pictures that are similar to this file. */
  readonly similar?: string;
  /** Shows the files of equal content. */
  readonly duplicates?: string;
}

export const standardSort: Sort = "DESC_CREATED";

/** Reads the state from the address. What is unknown there is left out. */
export function libraryState(search: Readonly<Record<string, unknown>>): LibraryState {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  const [q, sort, view, file] = [text("q"), text("sort"), text("view"), text("file")];
  const [similar, duplicates] = [text("similar"), text("duplicates")];
  return {
    ...(q && { q }),
    ...(search.everywhere === true && { everywhere: true }),
    ...(sort !== undefined && Object.hasOwn(texts.library.sorts, sort) && { sort: sort as Sort }),
    ...(view === "list" && { view }),
    ...(file && { file }),
    ...(similar && { similar }),
    ...(duplicates && { duplicates }),
  };
}

/** The folder that the address names: `photos/2026` is `/photos/2026`. */
export function folderOf(splat: string | undefined): string {
  const names = (splat ?? "").split("/").filter((name) => name !== "");
  return `/${names.join("/")}`;
}

export function splatOf(folder: string): string {
  return folder.slice(1);
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
