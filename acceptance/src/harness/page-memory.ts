import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";

export interface PageMemory {
  /** Bytes of the page's objects. */
  readonly heap: number;
  /** Bytes of the process that runs the page. */
  readonly resident: number;
}

/** Collects garbage, then measures the page. The browser must have no other page of that size. */
export async function memoryOf(browser: Browser, page: Page): Promise<PageMemory> {
  const devtools = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  try {
    for (let round = 0; round < 3; round++) {
      await devtools.send("HeapProfiler.collectGarbage");
      // The memory that the collected objects held outside the heap is released a little later.
      await page.waitForTimeout(500);
    }
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    const resident = await Promise.all(renderers.map(({ id }) => residentBytes(id)));
    return { heap: usedSize, resident: Math.max(...resident) };
  } finally {
    await devtools.detach();
    await whole.detach();
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
