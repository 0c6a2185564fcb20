import { setTimeout as wait } from "node:timers/promises";
import { type Agent, type Dispatcher, request } from "undici";
import type { Limits } from "../../../config/limits.ts";
import { signWebhook } from "../../../events/sign-webhook.ts";
import { RemoteError, toRemoteError } from "../../../network/remote-error.ts";
import { AiFailure, type AiProvider, type AiTask } from "./ai-provider.ts";

export interface HttpAiProviderOptions {
  readonly url: string;
  readonly secret: string;
  readonly agent: Agent;
  readonly limits: Pick<Limits, "aiEffectMs" | "aiEffectAnswerBytes">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Statuses below 500 that may well be gone on a later attempt. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** The time after which an endpoint that is still at work is asked again, in seconds, unless it says when. */
const pollSeconds = { standard: 2, min: 1, max: 30 };

/**
 * Passes pictures to an operator's endpoint with one signed POST, whose answer is the picture (docs/ai-effects.md). The
 * bytes are sent along, so that no address under which they can be fetched exists.
 */
export function httpAiProvider({ url, secret, agent, limits, now }: HttpAiProviderOptions): AiProvider {
  return {
    async make(task, signal) {
      const limit = AbortSignal.timeout(limits.aiEffectMs);
      const life = AbortSignal.any([limit, signal]);
      const body = JSON.stringify(bodyOf(task));
      try {
        for (;;) {
          const response = await send(body, task.id, life);
          const picture = await takeAnswer(response, limits.aiEffectAnswerBytes);
          if (picture !== undefined) return picture;
          await wait(1000 * secondsUntilAskedAgain(response), undefined, { signal: life });
        }
      } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted) throw new RemoteError("The endpoint took too long.");
        throw error instanceof AiFailure ? error : toRemoteError(error, "The endpoint's URL");
      }
    },
  };

  async function send(body: string, id: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return request(url, {
      dispatcher: agent,
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "image/png, image/webp, image/jpeg",
        "user-agent": "sluice-ai-effects",
        ...signWebhook({ id, body, secrets: [secret], at: now() }),
      },
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
      signal,
    });
  }
}

function bodyOf({ id, effect, prompt, picture: { data, width, height } }: AiTask) {
  const content = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return {
    id,
    effect,
    ...(prompt !== undefined && { prompt }),
    picture: { mime: "image/png", width, height, content },
  };
}

/** @returns undefined while the endpoint is still at work */
async function takeAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (statusCode === 202) {
    await body.dump();
    return undefined;
  }
  if (statusCode !== 200) {
    await body.dump();
    const answered = `The endpoint answered with the status ${statusCode}.`;
    throw statusCode >= 500 || passingStatuses.has(statusCode) ? new RemoteError(answered) : new AiFailure(answered);
  }
  if (!/^image\//i.test(String(headers["content-type"] ?? "").trim())) {
    body.on("error", () => undefined).destroy();
    throw new AiFailure("The endpoint answered with something else than a picture.");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) throw new AiFailure(`The endpoint's picture has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function secondsUntilAskedAgain({ headers }: Dispatcher.ResponseData): number {
  const { standard, min, max } = pollSeconds;
  const written = Number(headers["retry-after"] ?? standard);
  return Number.isFinite(written) ? Math.min(Math.max(written, min), max) : standard;
}
