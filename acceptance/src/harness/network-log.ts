import type { Page } from "playwright-core";

export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  /** The status is undefined until the answer's head has arrived. */
  status: number | undefined;
}

/**
 * Every request of the page, in the order in which Chromium sent them. The log includes the preflights, which no script
 * of the page can see and which Playwright's own events leave out.
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
 * Limits how many bytes a second the page may send, so that even an upload within one machine takes a while.
 * @returns a function that lifts the limit
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
