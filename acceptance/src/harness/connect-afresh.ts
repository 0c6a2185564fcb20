import http from "node:http";

const withoutKeepAlive = Symbol("a fetch that keeps no connection");

/**
 * Has every request of this process go on a connection of its own, those of the SDKs included. A server with several
 * processes deals connections out to them in turn, so that each of them answers a share of what a test asks.
 */
export function connectAfresh(): void {
  http.globalAgent = new http.Agent();
  const { fetch } = globalThis;
  // Set-up files run once for each file of tests, in the same process.
  if (withoutKeepAlive in fetch) return;
  const afresh: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set("connection", "close");
    return fetch(request);
  };
  globalThis.fetch = Object.assign(afresh, { [withoutKeepAlive]: true });
}
