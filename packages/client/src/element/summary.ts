import { isOffline } from "../waiting.ts";
import { make } from "./dom.ts";
import type { Counts } from "./item.ts";
import { makeRate } from "./rate.ts";
import type { Words } from "./words.ts";

/** Actions that apply to all files at once. */
export type SummaryAction = "pauseAll" | "resumeAll" | "retryAll" | "cancelAll" | "clear";

/** A summary of all files. */
export interface Summary {
  readonly element: HTMLElement;
  update(counts: Counts): void;
}

export interface SummarySettings {
  readonly name: string;
}

export function makeSummary(
  settings: SummarySettings,
  words: Words,
  actions: Readonly<Record<SummaryAction, () => void>>,
): Summary {
  const rate = makeRate();
  const text = make("div", "summary-text");
  const detail = make("div", "summary-detail");
  const fill = make("div", "progress-fill");
  const bar = make("div", "progress overall", { role: "progressbar" }, fill);
  const buttons = Object.entries(actions).map(([name, onclick]) => ({
    name: name as SummaryAction,
    button: make("button", `summary-button ${name}`, { onclick }),
  }));
  const texts = make("div", "summary-texts", {}, text, detail);
  const group = make("div", "summary-buttons", {}, ...buttons.map(({ button }) => button));
  const element = make("div", "summary", {}, texts, group, bar);

  return {
    element,
    update(counts) {
      const { active, paused, failed, refused, done, share, retryable } = counts;
      const isOver = active + paused === 0;
      const shown: Readonly<Record<SummaryAction, unknown>> = {
        pauseAll: active,
        resumeAll: !active && paused,
        retryAll: !active && retryable,
        cancelAll: !isOver,
        // In a form, files that have been uploaded stay, because the form is to submit them.
        clear: isOver && failed + refused + (settings.name ? 0 : done),
      };
      for (const { name, button } of buttons) {
        button.hidden = !shown[name];
        button.textContent = words.say(name);
      }
      text.textContent = summaryText(counts, words);
      const speed = active && rate(counts.loaded);
      const isStranded = active && !speed && isOffline();
      detail.textContent = isStranded ? words.say("offline") : detailText(counts, speed, words);
      detail.classList.toggle("offline", !!isStranded);
      bar.hidden = detail.hidden = isOver;
      bar.ariaLabel = words.say("progress");
      bar.ariaValueNow = `${Math.floor(share * 100)}`;
      fill.style.inlineSize = `${share * 100}%`;
    },
  };
}

function detailText({ loaded, size }: Counts, speed: number, words: Words): string {
  const left = size - loaded;
  return words.say(speed && left ? "rate" : "amount", {
    loaded: words.size(loaded),
    size: words.size(size),
    speed: words.speed(speed),
    time: words.time(left / speed),
  });
}

export function summaryText({ count, active, paused, done, failed, refused }: Counts, words: Words): string {
  const values = { count, done, failed: failed + refused };
  const texts = [active + paused ? "running" : done && "ended", values.failed && "failures"];
  return texts
    .map((key) => key && words.say(key, values))
    .filter(Boolean)
    .join(" · ");
}
