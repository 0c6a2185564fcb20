import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";
import { type Listening, listen } from "./listen.ts";

/** Starts a proxy that gives each connection to the next server, as a load balancer does that inspects nothing. */
export async function startRoundRobin(targets: readonly string[]): Promise<Listening & { readonly url: string }> {
  let turn = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const { hostname, port } = new URL(targets[turn++ % targets.length] as string);
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    // When one side breaks, its pipeline destroys the other side. Nobody needs the error.
    pipeline(client, upstream, () => undefined);
    pipeline(upstream, client, () => undefined);
  });
  const listening = await listen(server);
  return { ...listening, url: `http://127.0.0.1:${listening.port}` };
}
