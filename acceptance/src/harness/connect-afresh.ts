import http from "node:http";

const withoutKeepAlive = Symbol("a fetch that keeps no connection");

/**
 * Sends every request of this process on its own connection, the SDKs' requests included. A server with several
 * processes deals connections out to them in turn, so each process answers a share of the test's requests.
 */
export function connectAfresh(): void {
  http.globalAgent = new http.Agent();
  const { fetch } = globalThis;
  // Set-up files run once for each test file, in the same process.
  if (withoutKeepAlive in fetch) return;
  const afresh: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set("connection", "close");
    return fetch(request);
  };
  globalThis.fetch = Object.assign(afresh, { [withoutKeepAlive]: true });
}
