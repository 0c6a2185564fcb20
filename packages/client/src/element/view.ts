import { makeAnnouncer } from "./announcer.ts";
import { make } from "./dom.ts";
import { makeDropZone, type ZoneSettings } from "./drop-zone.ts";
import type { GatheredFile } from "./gather-files.ts";
import { type Counts, countItems, stateOf, type UploaderItem } from "./item.ts";
import { makeList } from "./list.ts";
import { makeRow, type Row, type RowAction, type RowSettings } from "./row.ts";
import { makeSummary, type SummaryAction, type SummarySettings } from "./summary.ts";
import type { Words } from "./words.ts";

export type ViewSettings = ZoneSettings & SummarySettings & RowSettings;

export interface ViewOptions {
  readonly settings: ViewSettings;
  readonly words: Words;
  readonly take: (files: GatheredFile[]) => void;
  readonly act: (item: UploaderItem, action: RowAction) => void;
  readonly actions: Readonly<Record<SummaryAction, () => void>>;
  /** Called after each frame in which something was drawn. */
  readonly drawn: (counts: Counts) => void;
}

/** Everything visible. It is drawn at most once a frame, and only the rows that have changed. */
export interface View {
  readonly base: HTMLFieldSetElement;
  readonly button: HTMLButtonElement;
  items(): UploaderItem[];
  add(item: UploaderItem): void;
  remove(item: UploaderItem): void;
  /** Redraws some items and everything around the list. */
  change(items?: Iterable<UploaderItem | undefined>): void;
  tell(line: string): void;
  draw(): void;
  /** Releases the memory of the thumbnails until the items are drawn again. */
  release(): void;
}

export function makeView({ settings, words, take, act, actions, drawn }: ViewOptions): View {
  const rows = new Map<UploaderItem, Row>();
  const changed = new Set<UploaderItem>();
  let isDue = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const zone = makeDropZone(settings, words, take);
  const { button } = zone;
  const list = makeList(button);
  const summary = makeSummary(settings, words, actions);
  const announcer = makeAnnouncer();
  // This takes the focus of clicks beside the buttons. It would go to the first button otherwise.
  const files = make("div", "files", { tabIndex: -1 }, summary.element, list.element);
  const base = make("fieldset", "base", { role: "none" }, zone.element, files, announcer.element);

  /** If a button disappears while it has the focus, its neighbour gets the focus. */
  function keepFocus(focused: HTMLElement | null): void {
    if (!focused?.hidden) return;
    const neighbours = [...(focused.parentElement?.children ?? []), button] as HTMLElement[];
    neighbours.find((other) => other.matches("button:not([hidden])"))?.focus();
  }

  function draw(): void {
    isDue = false;
    const focused = base.querySelector<HTMLElement>(":focus");
    const counts = countItems(rows.keys());
    const isFilled = counts.count > 0;
    base.classList.toggle("filled", isFilled);
    files.hidden = !isFilled;
    list.element.ariaLabel = words.say("list");
    zone.update(isFilled);
    summary.update(counts);
    for (const item of changed) {
      const row = rows.get(item);
      row?.update(words);
      if (row && /failed|refused/.test(stateOf(item))) list.raise(row.element);
    }
    changed.clear();
    // Speed and remaining time change even if nothing else does.
    clearTimeout(timer);
    if (counts.active) timer = setTimeout(change, 1000);
    keepFocus(focused);
    drawn(counts);
  }

  function change(items: Iterable<UploaderItem | undefined> = []): void {
    for (const item of items) if (item) changed.add(item);
    if (!isDue) requestAnimationFrame(() => isDue && draw());
    isDue = true;
  }

  return {
    base,
    button,
    change,
    draw,
    tell: announcer.tell,
    items: () => [...rows.keys()],
    add(item) {
      const row = makeRow(item, settings, (action) => act(item, action));
      rows.set(item, row);
      list.append(row.element);
      change([item]);
    },
    remove(item) {
      const row = rows.get(item);
      rows.delete(item);
      row?.release();
      if (row) list.remove(row.element);
      change();
    },
    release() {
      for (const row of rows.values()) row.release();
    },
  };
}
