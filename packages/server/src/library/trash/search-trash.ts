import { setImmediate as nextTurn } from "node:timers/promises";
import { toNfc } from "@sluice/grammar";
import type { Connection } from "../../database/database.ts";
import {
  findTrashedAssets,
  pageOfTrashedNames,
  type TrashedAsset,
  type TrashPosition,
} from "../../database/repositories/trash.ts";

export interface TrashPage {
  readonly files: readonly TrashedAsset[];
  /** Undefined on the last page. */
  readonly next: TrashPosition | undefined;
}

/** The names that one query reads, and those that one request reads at most. A million names take some seconds. */
const namesAtOnce = 1000;
const maxNamesRead = 20_000;

/**
 * Lists the files whose name contains a text, in upper or lower case. The names are compared here: SQLite and PostgreSQL
 * would know no case but that of A to Z. In a trash of more names than a request reads, the page ends early.
 */
export async function searchTrash(
  reader: Connection,
  accountId: string,
  { after, limit, nameContains }: { after: TrashPosition | undefined; limit: number; nameContains: string },
): Promise<TrashPage> {
  const wanted = fold(nameContains);
  const found: Awaited<ReturnType<typeof pageOfTrashedNames>> = [];
  let position = after;
  let read = 0;
  let isEnd = false;
  while (found.length <= limit && read < maxNamesRead && !isEnd) {
    const names = await pageOfTrashedNames(reader, accountId, { after: position, limit: namesAtOnce });
    found.push(...names.filter(({ name }) => fold(name).includes(wanted)));
    const last = names.at(-1);
    if (last !== undefined) position = positionOf(last);
    read += names.length;
    isEnd = names.length < namesAtOnce;
    // Reading SQLite holds the event loop. Other requests get their turn between the pages.
    await nextTurn();
  }
  const page = found.slice(0, limit);
  const files = await findTrashedAssets(
    reader,
    accountId,
    page.map(({ id }) => id),
  );
  const last = page.at(-1);
  if (found.length > limit && last !== undefined) return { files, next: positionOf(last) };
  return { files, next: isEnd ? undefined : position };
}

/** The position of a file in the list of the trash. */
export function positionOf({ id, trashed_at: trashedAt }: { readonly id: string; readonly trashed_at: number }) {
  return { trashedAt, id };
}

/** As capital letters, "ß" is "SS", and "σ" and "ς" are both "Σ". That becomes "ς" again at the end of a word. */
function fold(text: string): string {
  return toNfc(text).toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
