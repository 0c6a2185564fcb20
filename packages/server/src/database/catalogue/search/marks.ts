import type { Connection } from "../../database.ts";
import { marksInIndex } from "./marks-in-index.ts";
import { marksOfRows } from "./marks-of-rows.ts";
import type { Folder, Marks, MarksOrder } from "./marks-order.ts";

/** Finds evenly spaced sort keys of a folder's files. Folders have an index by creation, and one by name. */
export function marksOf(reader: Connection, folder: Folder, order: MarksOrder, signal: AbortSignal): Promise<Marks> {
  const hasIndex = order.column === "created_at" || order.column === "name";
  return (hasIndex ? marksInIndex : marksOfRows)(reader, folder, order, signal);
}
