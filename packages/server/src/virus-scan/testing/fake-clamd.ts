import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** The behaviour of the fake with the bytes of one INSTREAM: it returns an answer, or nothing. */
export type Behaviour = (stream: { readonly bytes: Buffer; readonly socket: Socket }) => string | undefined;

export interface FakeClamd {
  readonly address: { readonly host: string; readonly port: number };
  /** The commands it was sent, in order. */
  readonly commands: string[];
  behaviour: Behaviour;
  /** The answer to a PING, if any. */
  pong: string | undefined;
  /** Answers once this many bytes of a stream have arrived, whether or not more follow. */
  limit: number;
  /** The largest number of conversations that were open at the same time. */
  maxOpen: number;
  close(): Promise<void>;
}

/** Speaks only as much of clamd's protocol as is needed to get it wrong. */
export async function startFakeClamd(): Promise<FakeClamd> {
  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let bytes = Buffer.alloc(0);
    let command: string | undefined;
    let answered = false;
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      const end = bytes.indexOf(0);
      if (answered || end < 0) return;
      command ??= begin(bytes.toString("latin1", 0, end));
      const stream = readStream(bytes.subarray(end + 1));
      if (command === "zPING") answer(fake.pong);
      else if (stream.ended || stream.bytes.length >= fake.limit)
        answer(fake.behaviour({ bytes: stream.bytes, socket }));
    });

    function begin(name: string): string {
      fake.commands.push(name);
      fake.maxOpen = Math.max(fake.maxOpen, ++open);
      socket.once("close", () => open--);
      return name;
    }

    function answer(text: string | undefined): void {
      answered = true;
      if (text !== undefined) socket.end(`${text}\0`);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeClamd = {
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    commands: [],
    behaviour: () => "stream: OK",
    pong: "PONG",
    limit: Number.POSITIVE_INFINITY,
    maxOpen: 0,
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
