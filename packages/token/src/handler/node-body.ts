import type { NodeRequest } from "./node-message.ts";

export interface NodeBody {
  readonly content: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;
  /** Stops using the message. The unread rest of its body is read and discarded. */
  discard(): void;
}

/**
 * Returns the body of a message, or what an earlier parser has made of it. A parser that has nothing to parse leaves
 * `{}` and an unread body behind, so the parsed value counts only if the body has been read.
 */
export function bodyOf(request: NodeRequest, parsed: unknown): NodeBody {
  return request.readableEnded && parsed !== undefined
    ? { content: textOf(parsed), discard: () => undefined }
    : streamOf(request);
}

function textOf(parsed: unknown): Uint8Array<ArrayBuffer> | string | null {
  if (parsed === null || typeof parsed === "string") return parsed;
  return parsed instanceof Uint8Array ? new Uint8Array(parsed) : JSON.stringify(parsed);
}

/** Reads nothing before the handler asks for it. Node itself takes care of a body that nobody has read. */
function streamOf(request: NodeRequest): NodeBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let reading = false;
  const onData = (chunk: Uint8Array) => {
    controller?.enqueue(chunk);
    request.pause();
  };
  const onEnd = () => {
    controller?.close();
    release();
  };
  const onFailure = () => {
    controller?.error(new Error("The request's body ended early."));
    release();
  };
  const listen = () => {
    request.on("data", onData);
    request.on("end", onEnd);
    request.on("error", onFailure);
    request.on("close", onFailure);
  };
  const release = () => {
    controller = undefined;
    request.off("data", onData);
    request.off("end", onEnd);
    request.off("error", onFailure);
    request.off("close", onFailure);
  };
  const discard = () => {
    if (reading) {
      release();
      request.resume();
    }
  };
  const content = new ReadableStream<Uint8Array>(
    {
      pull(pulled) {
        if (request.readableEnded) {
          pulled.close();
          return;
        }
        if (request.destroyed) {
          pulled.error(new Error("The request's body ended early."));
          return;
        }
        if (!reading) {
          reading = true;
          controller = pulled;
          listen();
        }
        request.resume();
      },
      cancel: discard,
    },
    { highWaterMark: 0 },
  );
  return { content, discard };
}
