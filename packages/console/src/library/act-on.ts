import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import type { Choice } from "./choice.ts";
import type { FileRef } from "./items.ts";
import { Work } from "./work.ts";

const words = texts.work;
/** The files that are being moved or deleted. What is done to them a second time meanwhile could only fail. */
const leaving = new Set<string>();

interface HowToAct {
  /** What the work is called while it goes on. */
  readonly title: (count: number) => string;
  /** Whether the files leave the place where they are. */
  readonly isLeaving?: boolean;
}

/**
 * Does something to the items of a choice. Files that have been added to the list since their number was shown are asked
 * about, and not touched meanwhile.
 */
export async function actOn(
  choice: Choice,
  { title, isLeaving = false }: HowToAct,
  run: (files: readonly FileRef[], work: Work) => Promise<void>,
): Promise<Work> {
  const asking = new Work();
  let found: readonly FileRef[] = [];
  await asking.run(async () => {
    asking.begin(words.collecting, choice.fileCount ?? 0);
    found = await choice.collect(asking.signal, (count) => asking.reach(count));
  });
  if (asking.signal.aborted || asking.hasProblem) return asking;
  const added = found.length - (choice.fileCount ?? found.length);
  if (added > 0) await agreed(added, found.length + choice.folders.length);
  const work = new Work();
  const files = found.filter(({ fileId }) => !leaving.has(fileId));
  if (isLeaving) for (const { fileId } of files) leaving.add(fileId);
  await work.run(async () => {
    const count = files.length + choice.folders.length;
    work.begin(title(count), count);
    await run(files, work);
  });
  if (isLeaving) for (const { fileId } of files) leaving.delete(fileId);
  return work;
}

/** Resolves when the user goes on with the files that have been added. */
function agreed(added: number, count: number): Promise<void> {
  return new Promise((resolve) => {
    const action = { label: words.goOn(count), run: resolve };
    notify({ kind: "failed", message: words.added(added), details: [words.nothingDone], action });
  });
}
