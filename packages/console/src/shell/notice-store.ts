interface NoticeAction {
  readonly label: string;
  /** What screen readers say instead of the label, where several actions have the same. */
  readonly name?: string;
  readonly run: () => void;
}

/** One of several things that a notice tells, with an action of its own. */
export interface NoticeEntry {
  readonly text: string;
  readonly action?: NoticeAction | undefined;
}

/** A line that tells what has been done, and offers to undo it. */
interface Notice {
  readonly id: number;
  readonly message: string;
  readonly kind: "done" | "failed";
  readonly details?: readonly string[] | undefined;
  readonly entries?: readonly NoticeEntry[] | undefined;
  readonly action?: NoticeAction | undefined;
  /** 0 to 1, for something that goes on. A notice with progress stays until it is replaced, and can't be dismissed. */
  readonly progress?: number | undefined;
  /** How far that is, in words. */
  readonly reached?: string | undefined;
}

const shownMs = 6000;
/** Reading what went wrong takes longer, and undoing needs a hand. */
const shownLongMs = 15_000;
/** A notice with more lines than this stays until it is dismissed. */
const maxTimedDetails = 3;

let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export const noticeStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): readonly Notice[] => notices,
};

/** Shows a notice, in the place of `id` if that is given. @returns its id */
export function notify({ id = nextId++, ...notice }: Omit<Notice, "id"> & { readonly id?: number }): number {
  const isThere = notices.some((other) => other.id === id);
  const shown = { ...notice, id };
  set(isThere ? notices.map((other) => (other.id === id ? shown : other)) : [...notices, shown]);
  clearTimeout(timers.get(id));
  if (notice.progress === undefined) {
    // Nobody reads a list against the clock.
    if ((notice.details ?? []).length > maxTimedDetails) return id;
    const isLong = notice.kind === "failed" || notice.action !== undefined;
    timers.set(
      id,
      setTimeout(() => dismiss(id), isLong ? shownLongMs : shownMs),
    );
  }
  return id;
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  set(notices.filter((notice) => notice.id !== id));
}

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Takes all notices away, because another user may come. */
export function dismissAll(): void {
  for (const { id } of notices) dismiss(id);
}
