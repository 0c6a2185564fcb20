import type { Browser, Page } from "playwright-core";

/**
 * The work of the page's main thread during a time, by a trace of Chromium. Times are those of the thread's processor
 * time, so that other load on the machine doesn't count.
 */
export interface FrameFigures {
  /** Number of frames that the main thread has begun. */
  readonly frames: number;
  /** Frames that were drawn, by the second. */
  readonly drawn: number;
  /** Milliseconds of script and layout in a frame. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Milliseconds of the longest task of the main thread, whatever it did. */
  readonly longestTask: number;
}

const categories = [
  "-*",
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "devtools.timeline.frame",
  "disabled-by-default-devtools.timeline.frame",
  "v8.execute",
];

/** Work that the page's own code causes. What Chromium does for every page, such as painting, is not among it. */
const ownWork = new Set([
  "FunctionCall",
  "EvaluateScript",
  "v8.evaluateModule",
  "EventDispatch",
  "TimerFire",
  "FireAnimationFrame",
  "RunMicrotasks",
  "XHRReadyStateChange",
  "MinorGC",
  "MajorGC",
  "UpdateLayoutTree",
  "Layout",
]);

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** The beginning, in microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** The processor time in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly frames?: readonly TracedFrame[] } };
}

interface TracedFrame {
  readonly url: string;
  readonly processId: number;
}

/** Traces the page while something goes on in it. */
export async function traceFrames(browser: Browser, page: Page, work: () => Promise<void>): Promise<FrameFigures> {
  await browser.startTracing(page, { categories });
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: TraceEvent[] };
  return figuresOf(trace.traceEvents, page.url(), seconds);
}

function figuresOf(events: readonly TraceEvent[], url: string, seconds: number): FrameFigures {
  const frames = events.flatMap(({ args }) => args?.data?.frames ?? []);
  const pid = frames.find((frame) => frame.url === url)?.processId;
  const own = events.filter((event) => event.pid === pid);
  const main = own.find(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")?.tid;
  const onMain = own.filter(({ tid }) => tid === main).toSorted((one, other) => one.ts - other.ts);
  const begins = onMain.filter(({ name }) => name === "BeginMainThreadFrame").map(({ ts }) => ts);
  const work = outermost(onMain.filter(({ name, dur }) => dur !== undefined && ownWork.has(name)));
  const byFrame = new Array<number>(begins.length).fill(0);
  let frame = 0;
  for (const { ts, dur = 0, tdur = dur } of work) {
    while (frame + 1 < begins.length && Number(begins[frame + 1]) <= ts) frame++;
    byFrame[frame] = (byFrame[frame] ?? 0) + tdur / 1000;
  }
  const sorted = byFrame.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const tasks = onMain.filter(({ name }) => name === "RunTask").map(({ dur = 0, tdur = dur }) => tdur / 1000);
  return {
    frames: begins.length,
    drawn: own.filter(({ name }) => name === "DrawFrame").length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    max: sorted.at(-1) ?? Number.NaN,
    longestTask: Math.max(0, ...tasks),
  };
}

/** The events that are not inside another one, in the order of their beginnings. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = Number.NEGATIVE_INFINITY;
  return events.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}
