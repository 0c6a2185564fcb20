import type { Literal } from "../../expressions/literals.ts";
import { toNfc } from "../../text/nfc.ts";

/** Reads a folder's path as it is stored: `/` or `/a/b`. Slashes at the ends are optional. */
export function readPath({ text }: Literal): string {
  return `/${toNfc(text).split("/").filter(Boolean).join("/")}`;
}
