import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { whileConnected } from "./while-connected.ts";

test.each(["before the work begins", "while the work is under way"])(
  "the signal is aborted for a client that leaves %s",
  async (moment) => {
    const app = Fastify();
    const { promise: aborted, resolve } = Promise.withResolvers<boolean>();
    app.get("/", async (_request, reply) => {
      const left = once(reply.raw, "close");
      if (moment === "before the work begins") await left;
      await whileConnected(reply, async (signal) => {
        await left;
        resolve(signal.aborted);
      });
      return "nobody hears this";
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    try {
      const asked = once(app.server, "request");
      const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      await asked;
      socket.destroy();
      expect(await aborted).toBe(true);
    } finally {
      await app.close();
    }
  },
);
