import { connect } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";
import { type Listening, listen } from "./listen.ts";
import type { Certificate } from "./self-signed.ts";

/** Terminates TLS in front of the server and passes bytes on in both directions. It keeps half-closed connections. */
export async function startTlsProxy({ key, cert }: Certificate, target: string): Promise<Listening> {
  const { hostname, port } = new URL(target);
  const server = createServer({ key, cert, ALPNProtocols: ["http/1.1"], allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    // When one side breaks, its pipeline destroys the other side. Nobody needs the error.
    pipeline(client, upstream, () => undefined);
    pipeline(upstream, client, () => undefined);
  });
  return listen(server);
}
