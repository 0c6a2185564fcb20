import { noProgress, type Progress } from "../observability/progress.ts";
import { formatAmount, formatDuration } from "./amounts.ts";
import type { Terminal } from "./terminal.ts";

/** More often nobody can read it. */
const leastMsBetweenLines = 100;
/** While nothing advances, the line shows that time does. */
const tickMs = 1000;
/** A rate of the first moments would promise anything. */
const leastMsForRate = 1000;

/** Shows on a terminal how far the work is, in one line that changes in place and is gone at the end. */
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
        // What has a name may take long, and block this process meanwhile.
        if (at !== undefined || now() - shownAt >= leastMsBetweenLines) show();
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
  const rate = elapsed >= leastMsForRate && done > 0 ? (done * 1000) / elapsed : undefined;
  // Beside a running server there may be more to do than was counted.
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
  else if (elapsed >= leastMsForRate) facts.push(`for ${formatDuration(elapsed)}`);
  if (at !== undefined) facts.push(at);
  return facts.length === 0 ? what : `${what}: ${facts.join(", ")}`;
}

function formatRate(perSecond: number, unit: string): string {
  // What goes slowly is counted by the minute.
  if (perSecond < 1) return `${formatAmount(perSecond * 60, unit)} a minute`;
  return `${formatAmount(perSecond, unit)} a second`;
}
