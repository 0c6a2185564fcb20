import { request } from "node:http";

/** A PATCH whose body is still coming. */
export interface OpenPiece {
  /** Resolves once the bytes are on their way. */
  write(bytes: string | Buffer): Promise<void>;
  end(): void;
  /** Breaks the connection. */
  break(): void;
  readonly answer: Promise<{ readonly status: number; readonly offset: string | undefined; readonly body: string }>;
}

/** Begins a PATCH on a connection of its own. @param length the content length; undefined for a chunked body */
export function openPiece(
  url: string,
  path: string,
  offset: number,
  length: number | undefined,
  headers: Readonly<Record<string, string>> = {},
): OpenPiece {
  const piece = request(`${url}${path}`, {
    method: "PATCH",
    agent: false,
    headers: {
      "tus-resumable": "1.0.0",
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offset),
      ...(length !== undefined && { "content-length": String(length) }),
      ...headers,
    },
  });
  const answer = new Promise<Awaited<OpenPiece["answer"]>>((resolve, reject) => {
    piece.on("error", reject);
    piece.on("response", async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({
        status: response.statusCode ?? 0,
        offset: response.headers["upload-offset"] as string | undefined,
        body,
      });
    });
  });
  // A test that breaks the connection doesn't ask for the answer.
  answer.catch(() => undefined);
  return {
    write: (bytes) => new Promise((resolve) => piece.write(bytes, () => resolve())),
    end: () => void piece.end(),
    break: () => void piece.destroy(),
    answer,
  };
}
