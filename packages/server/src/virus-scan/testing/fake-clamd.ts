import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** What it does with the bytes of one INSTREAM: answers, or nothing. */
export type Behaviour = (stream: { readonly bytes: Buffer; readonly socket: Socket }) => string | undefined;

export interface FakeClamd {
  readonly address: { readonly host: string; readonly port: number };
  /** What it was asked, in order. */
  readonly commands: string[];
  behaviour: Behaviour;
  /** Answers when a stream has come so far, whether or not more is to come. */
  limit: number;
  /** Streams that are being sent, at most so many at a time until now. */
  most: number;
  close(): Promise<void>;
}

/** Speaks as much of clamd's protocol as is needed to do it wrong. */
export async function startFakeClamd(): Promise<FakeClamd> {
  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let bytes = Buffer.alloc(0);
    let done = false;
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      const end = bytes.indexOf(0);
      if (done || end < 0) return;
      const command = bytes.toString("latin1", 0, end);
      const stream = readStream(bytes.subarray(end + 1));
      if (command === "zPING") finish(command, "PONG");
      else {
        if (fake.commands.at(-1) !== command || !socket.listenerCount("seen")) begin(command);
        if (stream.ended || stream.bytes.length >= fake.limit)
          finish(undefined, fake.behaviour({ bytes: stream.bytes, socket }));
      }
    });

    function begin(command: string): void {
      socket.on("seen", () => undefined);
      fake.commands.push(command);
      fake.most = Math.max(fake.most, ++open);
      socket.once("close", () => open--);
    }

    function finish(command: string | undefined, answer: string | undefined): void {
      done = true;
      if (command !== undefined) fake.commands.push(command);
      if (answer !== undefined) socket.end(`${answer}\0`);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeClamd = {
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    commands: [],
    behaviour: () => "stream: OK",
    limit: Number.POSITIVE_INFINITY,
    most: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return fake;
}

function readStream(data: Buffer): { readonly bytes: Buffer; readonly ended: boolean } {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 4 <= data.length; ) {
    const size = data.readUInt32BE(at);
    if (size === 0) return { bytes: Buffer.concat(pieces), ended: true };
    pieces.push(data.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return { bytes: Buffer.concat(pieces), ended: false };
}
