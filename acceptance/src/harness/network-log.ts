import type { Page } from "playwright-core";

export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  /** Undefined until the answer's head has arrived. */
  status: number | undefined;
}

/**
 * Every request of the page in the order in which Chromium sent them. The preflights are among them, which no script
 * of the page gets to see and Playwright's own events leave out.
 */
export async function logRequests(page: Page): Promise<readonly LoggedRequest[]> {
  const requests: LoggedRequest[] = [];
  const byId = new Map<string, LoggedRequest>();
  const session = await page.context().newCDPSession(page);
  session.on("Network.requestWillBeSent", ({ requestId, request: { method, url } }) => {
    const logged: LoggedRequest = { method, url, status: undefined };
    requests.push(logged);
    byId.set(requestId, logged);
  });
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const logged = byId.get(requestId);
    if (logged !== undefined) logged.status = response.status;
  });
  await session.send("Network.enable");
  return requests;
}

/**
 * Limits how fast the page may send, in bytes a second, so that an upload on one machine has a middle.
 * @returns what lifts the limit
 */
export async function limitSending(page: Page, bytesPerSecond: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const limit = async (uploadThroughput: number): Promise<void> => {
    const others = { offline: false, latency: 0, downloadThroughput: -1 };
    await session.send("Network.emulateNetworkConditions", { ...others, uploadThroughput });
  };
  await session.send("Network.enable");
  await limit(bytesPerSecond);
  return () => limit(-1);
}
