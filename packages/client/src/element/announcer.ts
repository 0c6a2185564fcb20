import { make } from "./dom.ts";

/** Announces events to screen reader users, who can't see the list. It speaks briefly and only once in a while. */
export interface Announcer {
  readonly element: HTMLElement;
  tell(line: string): void;
}

const pauseMs = 1000;
const maxLines = 3;

export function makeAnnouncer(): Announcer {
  const element = make("div", "announcement", { role: "status" });
  let lines: string[] = [];

  function speak(): void {
    const rest = lines.length - maxLines;
    element.textContent = lines.slice(0, maxLines).join(" ") + (rest > 0 ? ` (+${rest})` : "");
    lines = [];
  }

  return {
    element,
    tell(line) {
      if (lines.length === 0) setTimeout(speak, pauseMs);
      lines.push(line);
    },
  };
}
