import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PoolSockets } from "./pool-sockets.ts";

/** Accepts connections, but neither answers nor closes them, like a server that hangs. */
const silent = createServer(
  { allowHalfOpen: true },
  (socket) => void accepted.push(socket.on("error", () => undefined)),
);
const accepted: Socket[] = [];
beforeAll(async () => {
  await once(silent.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  for (const socket of accepted) socket.destroy();
  silent.close();
});
const port = () => (silent.address() as AddressInfo).port;

async function connected(sockets: PoolSockets): Promise<Socket> {
  const socket = sockets.create().connect(port(), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

test("sockets whose other side never ends are cut off when the time is over", async () => {
  const sockets = new PoolSockets();
  const socket = await connected(sockets);
  let cuts = 0;
  const onCut = () => void cuts++;
  await sockets.endWithin(50, async () => void socket.end(), onCut);
  expect([socket.destroyed, cuts]).toEqual([true, 1]);
});

test("whoever connects once they are cut off is cut off at once", async () => {
  const sockets = new PoolSockets();
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  await sockets.endWithin(0, async () => {
    setTimeout(resolve, 20);
    await isOver;
    await once(sockets.create().connect(port(), "127.0.0.1"), "close");
  });
});

test("sockets that close by themselves are not waited for any longer", async () => {
  const sockets = new PoolSockets();
  const socket = await connected(sockets);
  const begun = performance.now();
  await sockets.endWithin(10_000, async () => void socket.destroy());
  expect(performance.now() - begun).toBeLessThan(5000);
});
