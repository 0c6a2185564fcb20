import { onSignOut } from "../door/session.ts";
import { type NoticeEntry, noticeStore, notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";

/** Items that were put into the trash at once. */
interface Deletion {
  readonly names: readonly string[];
  /** Puts them back; undefined where that is not possible. */
  readonly undo: (() => void) | undefined;
  /** Lines that say what was left. */
  readonly notes?: readonly string[] | undefined;
}

const words = texts.done;
let notice: number | undefined;
let deletions: readonly Deletion[] = [];

onSignOut(() => {
  deletions = [];
});

/** Tells of a deletion. Those that follow while the notice is shown are told in the same one, and undone each or all. */
export function tellDeletion(deletion: Deletion): void {
  const isShown = noticeStore.current().some(({ id }) => id === notice);
  show(isShown ? [...deletions, deletion] : [deletion], isShown ? notice : undefined);
}

function show(shown: readonly Deletion[], id: number | undefined): void {
  deletions = shown;
  const [only, ...others] = shown;
  if (only === undefined) return;
  const names = shown.flatMap((deletion) => deletion.names);
  // "Undo all" must not leave out a deletion that can't be undone, such as one of folders.
  const undoable = shown.every(({ undo }) => undo !== undefined) ? shown : [];
  const undoAll = () => {
    for (const { undo } of undoable) undo?.();
  };
  notice = notify({
    kind: "done",
    message: words.deleted(names),
    details: [...(others.length === 0 && names.length > 1 ? [words.names(names)] : []), ...(shown.at(-1)?.notes ?? [])],
    entries: others.length === 0 ? [] : shown.map(entryOf),
    action:
      undoable.length === 0 ? undefined : { label: others.length === 0 ? words.undo : words.undoAll, run: undoAll },
    ...(id !== undefined && { id }),
  });
}

function entryOf(deletion: Deletion): NoticeEntry {
  const { names, undo } = deletion;
  const run = () => {
    const rest = deletions.filter((other) => other !== deletion);
    if (notice !== undefined) show(rest, notice);
    undo?.();
  };
  return {
    text: words.names(names),
    action: undo && { label: words.undo, name: words.undoOne(words.names(names)), run },
  };
}
