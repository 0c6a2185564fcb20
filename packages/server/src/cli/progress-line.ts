import { noProgress, type Progress } from "../observability/progress.ts";
import type { Terminal } from "./terminal.ts";

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats an amount for people: `1,234` for things, `1.2 MB` for bytes. */
export function formatAmount(amount: number, unit: string): string {
  if (unit !== "bytes") return Math.round(amount).toLocaleString("en");
  const power = amount < 1000 ? 0 : Math.min(Math.floor(Math.log10(amount) / 3), units.length - 1);
  const value = amount / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}

/** Formats a duration: `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** People can't read a line that changes more often than this. */
const minMsBetweenLines = 100;
/** While nothing advances, the line is shown again this often, so that it shows time passing. */
const tickMs = 1000;
/** A rate that is taken from the first moments would be meaningless. */
const minMsForRate = 1000;

/** Shows the work's progress on a terminal, in one line that changes in place and is removed at the end. */
export async function withProgress<Result>(
  { showStatus }: Pick<Terminal, "showStatus">,
  use: (progress: Progress) => Promise<Result>,
  now: () => number = () => performance.now(),
): Promise<Result> {
  if (showStatus === undefined) return use(noProgress);
  let step: Step | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = (): void => {
    if (step === undefined) return;
    shownAt = now();
    showStatus(describeStep(step, shownAt));
  };
  const timer = setInterval(show, tickMs).unref();
  try {
    return await use({
      async begin(what, unit, total) {
        step = { what, unit, total: undefined, done: 0, at: undefined, startedAt: now() };
        show();
        if (total === undefined) return;
        step = { ...step, total: await total(), startedAt: now() };
        show();
      },
      advance(amount, at) {
        if (step === undefined) return;
        step = { ...step, done: step.done + amount, at };
        // A step that has a name may take long and block this process meanwhile.
        if (at !== undefined || now() - shownAt >= minMsBetweenLines) show();
      },
    });
  } finally {
    clearInterval(timer);
    showStatus("");
  }
}

interface Step {
  readonly what: string;
  readonly unit: string;
  readonly total: number | undefined;
  readonly done: number;
  readonly at: string | undefined;
  readonly startedAt: number;
}

function describeStep({ what, unit, total, done, at, startedAt }: Step, now: number): string {
  const elapsed = now - startedAt;
  const rate = elapsed >= minMsForRate && done > 0 ? (done * 1000) / elapsed : undefined;
  // While a server runs, there may be more to do than was counted.
  const known = total !== undefined && total >= done && total > 0 ? total : undefined;
  const named = unit === "bytes" ? "" : ` ${unit}`;
  const facts: string[] = [];
  if (known !== undefined) {
    const percent = Math.floor((done / known) * 100);
    facts.push(`${formatAmount(done, unit)} of ${formatAmount(known, unit)}${named} (${percent} %)`);
  } else if (done > 0) {
    facts.push(`${formatAmount(done, unit)}${named}`);
  }
  if (rate !== undefined) facts.push(formatRate(rate, unit));
  if (rate !== undefined && known !== undefined) facts.push(`${formatDuration(((known - done) / rate) * 1000)} left`);
  else if (elapsed >= minMsForRate) facts.push(`for ${formatDuration(elapsed)}`);
  if (at !== undefined) facts.push(at);
  return facts.length === 0 ? what : `${what}: ${facts.join(", ")}`;
}

function formatRate(perSecond: number, unit: string): string {
  // A slow rate is given per minute.
  if (perSecond < 1) return `${formatAmount(perSecond * 60, unit)} a minute`;
  return `${formatAmount(perSecond, unit)} a second`;
}
