import { Socket } from "node:net";
import { setTimeout } from "node:timers";
import { serialize } from "node:v8";

// Stands for a process that a stranger's file has taken over. The first argument tells what it does with a task.

const channel = new Socket({ fd: 3, readable: true, writable: true });

function frame(head, sizes = [head.length, 0]) {
  const prefix = Buffer.alloc(8);
  for (const [index, size] of sizes.entries()) prefix.writeUInt32LE(size, 4 * index);
  return Buffer.concat([prefix, Buffer.from(head)]);
}

const say = (message) => channel.write(frame(JSON.stringify(message)));
const answer = (output) => say({ answer: 1, output });

const manners = {
  "a command of Node's own channel": () => {
    say({ cmd: "NODE_HANDLE_ACK" });
    channel.write(frame(serialize({ cmd: "NODE_HANDLE_ACK" })));
  },
  "a message that can't be read": () => channel.write(frame("\xff{")),
  "a length without end": () => channel.write(frame("", [0xffffffff, 0xffffffff])),
  "messages without end": () => {
    for (let count = 0; count < 100_000; count += 1) say({ call: "made", id: count });
  },
  "no object as its answer": () => answer(null),
  "an answer of other kinds": () => answer({ value: { data: "x", width: {} }, cpuMs: {} }),
  "a problem of other kinds": () => say({ answer: 1, problem: { message: { toString: 1 }, code: {} } }),
  "a refusal of other kinds": () => answer({ refused: { message: { toString: 1 }, code: {} } }),
  "a question of other kinds": () => say({ call: "askAi", id: 1, input: { request: { effect: "none" } } }),
  "nothing any more": () => channel.destroy(),
  "no answer": () => undefined,
};

channel.once("data", manners[process.argv[2]]);
setTimeout(() => undefined, 60_000);
say({ call: "ready", id: 1 });
