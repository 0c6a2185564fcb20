import type { Choice } from "./choice.ts";
import type { Item } from "./items.ts";

/** A dialog that is open, with what it is about. */
export type OpenDialog =
  | { readonly kind: "new folder" }
  | { readonly kind: "rename"; readonly item: Item }
  | { readonly kind: "move" | "copy" | "delete" | "tags"; readonly choice: Choice };
