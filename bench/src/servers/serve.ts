import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on a free loopback port, prints the address in the same words as `sluice serve`, and ends with SIGTERM. */
export function serve(listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
  });
  process.once("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
  });
}
