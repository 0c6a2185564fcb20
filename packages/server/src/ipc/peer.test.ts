import { fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { Peer, type Port } from "./peer.ts";
import type { echoCalls } from "./testing/echo.ts";

const children: ReturnType<typeof fork>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function startEcho() {
  const child = fork(new URL("./testing/echo.ts", import.meta.url), { serialization: "advanced" });
  children.push(child);
  return { child, peer: new Peer<typeof echoCalls>(child, { double: async (value: number) => 2 * value }) };
}

test("calls go both ways at once, and bytes, dates and infinity arrive as they are", async () => {
  const { peer } = startEcho();
  const data = { bytes: new Uint8Array([0, 255]), at: new Date(5), size: Number.POSITIVE_INFINITY, none: undefined };
  expect(await peer.call("echo", data)).toStrictEqual(data);
  const asked = Array.from({ length: 100 }, (_, index) => peer.call("askBack", index));
  expect(await Promise.all(asked)).toEqual(asked.map((_, index) => 2 * index + 1));
});

test("what the other process throws is thrown here, with what tells a system call's error", async () => {
  const { peer } = startEcho();
  await expect(peer.call("fail", "EADDRINUSE")).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "bind" });
  await expect(peer.call("fail", undefined)).rejects.toThrow("failed on purpose");
  await expect(peer.call("unheardOf" as "echo", {})).rejects.toThrow("unheardOf");
});

test("when the other process is gone, what it was asked is rejected, and so is what it would be asked", async () => {
  const { child, peer } = startEcho();
  await peer.call("echo", {});
  const pending = peer.call("hang", undefined);
  child.kill("SIGKILL");
  await expect(pending).rejects.toThrow("gone");
  await once(child, "exit");
  await expect(peer.call("echo", {})).rejects.toThrow("gone");
});

test("a call whose name or number is of another kind is neither made nor answered", async () => {
  const listeners: ((message: unknown) => void)[] = [];
  const sent: object[] = [];
  const port: Port = {
    send: (message) => sent.push(message),
    on: (event: string, listener: (message: unknown) => void) => event === "message" && listeners.push(listener),
  };
  const made = vi.fn(async () => undefined);
  new Peer(port, { make: made });
  const bytes = Buffer.alloc(10);
  for (const id of [bytes, "1".repeat(10), 1.5, undefined]) listeners[0]?.({ call: "make", id, input: 1 });
  for (const call of [bytes, ["make"], 5]) listeners[0]?.({ call, id: 1, input: 1 });
  listeners[0]?.({ call: "make", id: 2, input: 1 });
  await expect.poll(() => sent).toEqual([{ answer: 2, output: undefined }]);
  expect(made).toHaveBeenCalledOnce();
});
