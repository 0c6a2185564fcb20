import { connect, createServer, type Socket } from "node:net";
import { listen } from "./listen.ts";

export interface Wire {
  /** The server's, by way of the wire. */
  readonly url: string;
  /** Where it leads: a server that is started again has another port. */
  target: string;
  /** While true, whoever connects is turned away, and what is open is cut. */
  cut: boolean;
  /** Nothing that clients send passes once the server has got so many bytes on a connection. */
  holdAfter: number;
  /** Called when a connection stands still for that, and will for good. */
  onHold: () => void;
  /** What becomes of an answer to a request that sends a file. */
  answers: "pass" | "hold" | "lose";
  /** Called when an answer has been held or lost. */
  onAnswer: () => void;
  /** The bodies that have gone to the upload paths, as far as they have come. */
  readonly uploads: readonly { readonly head: string }[];
  close(): Promise<void>;
}

/** Stands between browsers and a server, and breaks at the worst moments. */
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
      if (/^(POST|OPTIONS|GET|DELETE) \S+ HTTP/.test(text)) {
        upload = /^POST \/api\/v\d\/files\/upload /.test(text) ? { head: "" } : undefined;
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
