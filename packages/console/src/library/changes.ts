import { queries } from "../api/queries.ts";
import type { LibraryFile } from "./library-file.ts";

/** A change that this page has made to the library, for the views that show it. */
export type Change =
  | { readonly kind: "removed"; readonly keys: ReadonlySet<string> }
  | { readonly kind: "replaced"; readonly files: readonly LibraryFile[] }
  | { readonly kind: "changed" };

const listeners = new Set<(change: Change) => void>();

export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells every view. Folders and details are asked for again, and links to previews that soon end. */
export function tellChange(change: Change): void {
  for (const listener of listeners) listener(change);
  if (change.kind === "replaced") {
    for (const file of change.files) queries.setQueryData(["file", file.fileId], file);
    return;
  }
  void queries.invalidateQueries({ queryKey: ["folders"] });
  void queries.invalidateQueries({ queryKey: ["file"] });
  void queries.invalidateQueries({ queryKey: ["trash"] });
  void queries.refetchQueries({ queryKey: ["preview link"], type: "active", stale: true });
}
