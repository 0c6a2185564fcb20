import { once } from "node:events";
import { connect, type Socket } from "node:net";
import Fastify from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { boundConnections, raisePriority, watchConnections } from "./bound-connections.ts";

let entered: PromiseWithResolvers<void>;
let held: PromiseWithResolvers<void>;

const app = () => {
  const made = Fastify({ forceCloseConnections: true });
  boundConnections(made.server, 1);
  watchConnections(made);
  made.get("/:priority", async ({ raw, params }) => {
    const { priority } = params as { priority: "active" | "authenticated" };
    raisePriority(raw, priority);
    return "answered";
  });
  made.get("/held", async ({ raw }) => {
    raisePriority(raw, "authenticated");
    entered.resolve();
    await held.promise;
  });
  made.post("/", async () => "read");
  return made;
};

let server: ReturnType<typeof app>;
let port: number;
beforeEach(async () => {
  [entered, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  server = app();
  port = Number(new URL(await server.listen({ port: 0, host: "127.0.0.1" })).port);
});
afterEach(() => server.close());

const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
const stalling = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";

/** Whether one more connection gets the only slot, which `holder` has. */
async function isDisplaced(holder: Socket): Promise<boolean> {
  const newcomer = connect(port, "127.0.0.1");
  const end = Promise.race([once(holder, "close").then(() => true), once(newcomer, "close").then(() => false)]);
  newcomer.on("error", () => undefined);
  holder.on("error", () => undefined);
  try {
    return await end;
  } finally {
    newcomer.destroy();
    holder.destroy();
  }
}

test.each(["active", "authenticated"])(
  "a request that was %s lends its priority to none that outlives it",
  async (priority) => {
    const holder = connect(port, "127.0.0.1");
    holder.write(ask(`/${priority}`) + stalling);
    await once(holder, "data");
    expect(await isDisplaced(holder)).toBe(true);
  },
);

test("an authenticated request keeps its connection, whatever else ends on it", async () => {
  const holder = connect(port, "127.0.0.1");
  holder.write(ask("/active") + ask("/held"));
  await Promise.all([once(holder, "data"), entered.promise]);
  expect(await isDisplaced(holder)).toBe(false);
  held.resolve();
});
