import { isThumbnailName, type ThumbnailName } from "../media/named-thumbnails.ts";
import { percentDecode } from "./percent-decode.ts";
import { DeliveryRefusal } from "./refusal.ts";

/** What a URL asks to be made of the file. */
export type Rendition =
  /** The stored bytes, asked for by name (`orig-true`) or by no transformation at all. */
  | { readonly kind: "original" }
  /** A named transformation and nothing else: what private files are shown through. */
  | { readonly kind: "named"; readonly name: ThumbnailName }
  /** Anything else; this server can't make it. */
  | { readonly kind: "explicit" };

/**
 * @param transformations raw texts, one after the other; none is empty
 * @throws DeliveryRefusal TRANSFORMATION_INVALID for a name that the account doesn't have (spec/delivery.md §2, step 6)
 */
export function chooseRendition(transformations: readonly string[]): Rendition {
  const items = transformations.flatMap(splitItems);
  const names = items.filter((item) => item.startsWith("n-")).map((item) => item.slice(2));
  if (!names.every(isThumbnailName)) throw new DeliveryRefusal("TRANSFORMATION_INVALID");
  // The original ignores whatever else is asked for.
  if (items.length === 0 || items.includes("orig-true")) return { kind: "original" };
  const [name] = names;
  return name !== undefined && items.length === 1 ? { kind: "named", name } : { kind: "explicit" };
}

/** The parameters of all steps, decoded by the delimiters that were used (spec/delivery.md §1.3, rule 3). */
function splitItems(raw: string): string[] {
  const text = raw.startsWith("tr:") ? raw.slice(3) : raw;
  if (!/[,:]/.test(text) && /%2c|%3a/i.test(text)) return decode(text.replaceAll("+", " ")).split(/[,:]/);
  return text.split(/[,:]/).map(decode);
}

/** What isn't UTF-8 becomes an item that nobody knows. */
function decode(raw: string): string {
  return percentDecode(raw) ?? "";
}
