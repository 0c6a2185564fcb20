import { type Icon, make, makeIcon, setIcon } from "./dom.ts";
import { type Group, groupOf, isRetryable, linkOf, shareOf, stateOf, statusText, type UploaderItem } from "./item.ts";
import { makeThumbnail } from "./thumbnail.ts";
import type { Words } from "./words.ts";

export type RowAction = "pause" | "resume" | "retry" | "remove";

/** The action of the button beside `remove`, and the mark on the thumbnail. */
const actions: { readonly [group in Group]?: RowAction } = { active: "pause", paused: "resume", failed: "retry" };
const badges: { readonly [group in Group]?: Icon } = { done: "good", failed: "bad", refused: "bad" };

/** One file in the list. */
export interface Row {
  readonly element: HTMLLIElement;
  update(words: Words): void;
  release(): void;
}

export interface RowSettings {
  readonly noLinks: boolean;
}

export function makeRow(item: UploaderItem, settings: RowSettings, act: (action: RowAction) => void): Row {
  const { name } = item;
  const thumbnail = makeThumbnail(item);
  // Without an address it is not a link yet.
  const link = make("a", "link name", {
    dir: "auto",
    title: name,
    textContent: name,
    target: "_blank",
    rel: "noopener",
  });
  const badge = make("div", "badge", {}, makeIcon("good"));
  const status = make("div", "status");
  const fill = make("div", "progress-fill");
  // The bar has no role `progressbar`: the status says the progress in words, and there may be hundreds of rows.
  const bar = make("div", "progress", {}, fill);
  const action = rowButton("action", () => act(actions[groupOf(item)] ?? "remove"));
  const remove = rowButton("remove", () => act("remove"));
  thumbnail.element.append(badge);
  const element = make(
    "li",
    "row",
    {},
    thumbnail.element,
    make("div", "text", {}, link, status),
    make("div", "actions", {}, action, remove),
    bar,
  );

  return {
    element,
    release: thumbnail.release,
    update(words) {
      const state = stateOf(item);
      const share = shareOf(item);
      const does = actions[groupOf(item)];
      const isUseless = does === undefined || (does === "retry" && !isRetryable(item));
      const icon = badges[groupOf(item)];
      element.dataset.state = state;
      status.textContent = statusText(item, words);
      fill.style.inlineSize = `${share * 100}%`;
      bar.hidden = state === "queued" || !/active|paused/.test(groupOf(item));
      badge.hidden = icon === undefined;
      action.hidden = isUseless;
      if (icon) setIcon(badge, icon);
      if (does) setIcon(action, does);
      action.title = action.ariaLabel = words.say(does ?? "", { name });
      remove.title = remove.ariaLabel = words.say("remove", { name });
      thumbnail.show();
      const href = settings.noLinks ? undefined : linkOf(item);
      if (!href) return link.removeAttribute("href");
      link.href = href;
      // The link belongs to the row, which is one stop of the Tab key.
      link.tabIndex = remove.tabIndex;
      link.ariaLabel = words.say("open", { name });
    },
  };
}

function rowButton(part: string, onclick: () => void): HTMLButtonElement {
  return make("button", `row-button ${part}`, { tabIndex: -1, onclick }, makeIcon("remove"));
}
