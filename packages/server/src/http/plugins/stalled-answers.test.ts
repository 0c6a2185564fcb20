import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify from "fastify";
import { pino } from "pino";
import { expect, test } from "vitest";
import { resolveConfig } from "../../config/resolve-config.ts";
import { Listener } from "../listener.ts";
import { cutStalledAnswers } from "./stalled-answers.ts";

const large = Buffer.alloc(32 * 1024 * 1024, "large");

async function* slowly() {
  yield "the first part, ";
  await sleep(6000);
  yield "and the rest";
}

test("a server that ends doesn't wait for clients that have stopped reading, and for all others it does", async () => {
  const config = resolveConfig({ port: 0 });
  const listener = new Listener(config, pino({ level: "silent" }));
  await listener.listen();
  const app = Fastify({ serverFactory: () => listener.server, forceCloseConnections: "idle" });
  cutStalledAnswers(app, config);
  app.get("/whole", async () => large);
  app.get("/streamed", (_, reply) => reply.send(Readable.from([large, large])));
  app.get("/slow", (_, reply) => reply.send(Readable.from(slowly())));
  await app.ready();
  await listener.handOver(app);
  const stopped = ["/whole", "/streamed"].map((path) => {
    const socket = connect(listener.port, "127.0.0.1").pause();
    socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    return socket;
  });
  const get = async (path: string) => {
    const sent = request(`${listener.url}${path}`, { agent: false }).end();
    const [answer] = await once(sent, "response");
    return { path, answer, wait: path === "/slow" ? 0 : 3000 };
  };
  const others = await Promise.all(["/whole", "/streamed", "/slow"].map(get));
  const begun = performance.now();
  const closed = app.close().then(() => listener.close(30_000));
  const read = others.map(async ({ path, answer, wait }) => {
    await sleep(wait);
    return [path, (await buffer(answer)).length];
  });
  expect(await Promise.all(read)).toEqual([
    ["/whole", large.length],
    ["/streamed", 2 * large.length],
    ["/slow", 28],
  ]);
  await closed;
  expect(performance.now() - begun).toBeLessThan(15_000);
  for (const socket of stopped) socket.destroy();
}, 40_000);
