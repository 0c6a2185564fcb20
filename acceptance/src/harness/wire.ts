import { connect, createServer, type Socket } from "node:net";
import { listen } from "./listen.ts";

export interface Wire {
  /** The address under which clients reach the server through the wire. */
  readonly url: string;
  /** The server's address. It can change, because a restarted server has another port. */
  target: string;
  /** While true, new connections are refused. Setting it to true also cuts the open connections. */
  cut: boolean;
  /** After this many bytes of uploads on one connection, the wire passes no more of the client's data on. */
  holdAfter: number;
  /** Called when a connection has reached `holdAfter`. It stands still for good from then on. */
  onHold: () => void;
  /** The fate of the answer to an upload. */
  answers: "pass" | "hold" | "lose";
  /** Called when an answer has been held or lost. */
  onAnswer: () => void;
  /** The requests that bring bytes, forms and pieces of resumable uploads, each with the beginning of what the client sent. */
  readonly uploads: readonly { readonly head: string }[];
  close(): Promise<void>;
}

/** Starts a proxy between browsers and a server that breaks connections at the worst moments. */
export async function startWire(target: string): Promise<Wire> {
  const open = new Set<Socket>();
  const uploads: { head: string }[] = [];
  const server = createServer((client) => {
    if (state.cut) return client.destroy();
    const { hostname, port } = new URL(state.target);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    let sent = 0;
    let upload: { head: string } | undefined;
    client.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      if (/^(POST|PATCH|OPTIONS|GET|HEAD|DELETE) \S+ HTTP/.test(text)) {
        upload = /^(POST \/api\/v\d\/files\/upload|PATCH \/_sluice\/resumable\/\S+) /.test(text)
          ? { head: "" }
          : undefined;
        if (upload !== undefined) uploads.push(upload);
      }
      if (upload !== undefined && upload.head.length < 4096) upload.head += text;
      const room = upload === undefined ? chunk.length : state.holdAfter - sent;
      if (upload !== undefined) sent += chunk.length;
      if (room > 0) upstream.write(chunk.subarray(0, room));
      if (room >= chunk.length) return;
      client.pause();
      state.onHold();
    });
    upstream.on("data", (chunk) => {
      if (upload === undefined || state.answers === "pass") return client.write(chunk);
      if (state.answers === "lose") client.destroy();
      state.onAnswer();
      return undefined;
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    return undefined;
  });
  const { port, close } = await listen(server);
  let cut = false;
  const state: Wire = {
    url: `http://127.0.0.1:${port}`,
    target,
    holdAfter: Number.POSITIVE_INFINITY,
    onHold: () => undefined,
    answers: "pass",
    onAnswer: () => undefined,
    uploads,
    get cut() {
      return cut;
    },
    set cut(value) {
      cut = value;
      if (value) for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      await close();
    },
  };
  return state;
}
