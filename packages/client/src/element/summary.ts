import { make } from "./dom.ts";
import type { Counts } from "./item.ts";
import type { Words } from "./words.ts";

/** What can be done to all files at once. */
export type SummaryAction = "pauseAll" | "resumeAll" | "retryAll" | "clear";

/** How the files stand together. */
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
  const text = make("div", "summary-text");
  const fill = make("div", "progress-fill");
  const bar = make("div", "progress overall", { role: "progressbar" }, fill);
  const buttons = Object.entries(actions).map(([name, onclick]) => ({
    name: name as SummaryAction,
    button: make("button", `summary-button ${name}`, { onclick }),
  }));
  const element = make("div", "summary", {}, text, ...buttons.map(({ button }) => button), bar);

  return {
    element,
    update(counts) {
      const { active, paused, failed, refused, done, share } = counts;
      const shown: Readonly<Record<SummaryAction, unknown>> = {
        pauseAll: active,
        resumeAll: !active && paused,
        retryAll: !active && failed,
        // A form is to submit what has been uploaded.
        clear: !active && !paused && failed + refused + (settings.name ? 0 : done),
      };
      for (const { name, button } of buttons) {
        button.hidden = !shown[name];
        button.textContent = words.say(name);
      }
      text.textContent = summaryText(counts, words);
      bar.hidden = active + paused === 0;
      bar.ariaLabel = words.say("progress");
      bar.ariaValueNow = `${Math.floor(share * 100)}`;
      fill.style.inlineSize = `${share * 100}%`;
    },
  };
}

export function summaryText({ count, active, paused, done, failed, refused, share }: Counts, words: Words): string {
  const values = { count: count - refused, done, failed: failed + refused, percent: words.percent(share) };
  const texts = [active + paused ? "running" : done && "ended", values.failed && "failures"];
  return texts
    .map((key) => key && words.say(key, values))
    .filter(Boolean)
    .join(" · ");
}
