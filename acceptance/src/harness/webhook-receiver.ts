import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "./listen.ts";

export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body byte for byte, so that its signature can be verified. */
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: a black box's event has any shape until a test has looked at it
  readonly event: any;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** The webhooks received at one path. */
  at(path: string): readonly ReceivedWebhook[];
  close(): Promise<void>;
}

type Answer = (webhook: ReceivedWebhook, response: ServerResponse) => void;

/** Starts a customer's server that receives events. @param answer answers with 200 by default */
export async function startWebhookReceiver(
  answer: Answer = (_webhook, response) => response.end("thanks"),
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    const webhook = { path: request.url ?? "", headers, body, event: JSON.parse(body) };
    received.push(webhook);
    answer(webhook, response);
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    at: (path) => received.filter((webhook) => webhook.path === path),
    close,
  };
}
