import type { VersionRow } from "../../database/repositories/files.ts";

/** The kind of a file in the terms of the wire, which sets pictures apart from everything else. */
export function fileTypeOf(kind: VersionRow["kind"]): "image" | "non-image" {
  return kind === "picture" ? "image" : "non-image";
}
