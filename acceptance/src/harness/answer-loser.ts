import { createServer, request as send } from "node:http";
import { listen } from "./listen.ts";

export interface AnswerLoser {
  readonly url: string;
  /** Breaks the connection instead of passing on the next upload's answer. */
  loseNextUploadAnswer(): void;
  close(): Promise<void>;
}

/** Starts an HTTP proxy in front of the server. The proxy can lose an upload's answer. */
export async function startAnswerLoser(target: string): Promise<AnswerLoser> {
  let losing = false;
  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const upstream = send(new URL(url, target), { method, headers }, (answer) => {
      if (losing && method === "POST" && url.endsWith("/files/upload")) {
        losing = false;
        answer.resume();
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    loseNextUploadAnswer() {
      losing = true;
    },
    close,
  };
}
