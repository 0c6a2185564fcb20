import { connect } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";
import { type Listening, listen } from "./listen.ts";
import type { Certificate } from "./self-signed.ts";

/** Ends TLS in front of the server and passes bytes on in both directions, half-closed connections included. */
export async function startTlsProxy({ key, cert }: Certificate, target: string): Promise<Listening> {
  const { hostname, port } = new URL(target);
  const server = createServer({ key, cert, ALPNProtocols: ["http/1.1"], allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    // Whichever side breaks, its pipeline destroys the other one: there is nobody to tell.
    pipeline(client, upstream, () => undefined);
    pipeline(upstream, client, () => undefined);
  });
  return listen(server);
}
