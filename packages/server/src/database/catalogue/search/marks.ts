import type { Connection } from "../../database.ts";
import { marksInIndex } from "./marks-in-index.ts";
import { marksOfSample } from "./marks-of-sample.ts";
import type { Folder, Marks, MarksOrder } from "./marks-order.ts";

/** Finds evenly spaced sort keys of a folder's files. Folders have an index by creation, and one by name. */
export function marksOf(reader: Connection, folder: Folder, order: MarksOrder, signal: AbortSignal): Promise<Marks> {
  const { column } = order;
  return column === "created_at" || column === "name"
    ? marksInIndex(reader, folder, { ...order, column }, signal)
    : marksOfSample(reader, folder, { ...order, column }, signal);
}
