import { type Agent, type Dispatcher, request } from "undici";
import { signWebhook } from "../../events/sign-webhook.ts";
import { IncomingFile } from "../../library/content/incoming-file.ts";
import { fileObject } from "../../library/files/file-object.ts";
import { RemoteError, toRemoteError } from "../../network/remote-error.ts";
import type { ExtensionDeps } from "../deps.ts";
import { ExtensionFailure, type ExtensionProvider, type ExtensionResult, type ExtensionTask } from "../provider.ts";
import { contentLink, linkSeconds } from "./content-link.ts";
import { readAnswer, readProblem } from "./read-answer.ts";

export interface HttpProviderOptions {
  readonly url: string;
  readonly secret: string;
  readonly agent: Agent;
  readonly services: Pick<ExtensionDeps, "config" | "now" | "spool">;
}

/** The content types of JSON. A problem that is reported in JSON must not be taken for a file. */
const jsonTypes = /^application\/(?:[\w.-]+\+)?json$/;

/** Statuses below 500 that may well be gone on a later attempt. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Passes extensions to an operator's endpoint with one signed POST, whose answer is the result (docs/extensions.md).
 * The file's bytes are not sent along: the endpoint fetches what it needs of them.
 */
export function httpProvider({ url, secret, agent, services }: HttpProviderOptions): ExtensionProvider {
  return {
    async run(task, use, signal) {
      const { config, now, spool } = services;
      const limit = AbortSignal.timeout(config.limits.extensionMs);
      const life = AbortSignal.any([limit, signal]);
      const body = JSON.stringify(bodyOf(task, secret, now()));
      const file = new IncomingFile(spool, config.fileSize);
      try {
        const result = await exchange().catch((error: unknown) => {
          signal.throwIfAborted();
          if (limit.aborted) throw new RemoteError("The endpoint took too long.");
          throw error instanceof ExtensionFailure ? error : toRemoteError(error, "The endpoint's URL");
        });
        return await use(result);
      } finally {
        await file.discard();
      }

      async function exchange(): Promise<ExtensionResult> {
        const response = await request(url, {
          dispatcher: agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, image/*, application/octet-stream",
            "user-agent": "sluice-extensions",
            ...signWebhook({ id: task.runId, body, secrets: [secret], at: now() }),
          },
          body,
          headersTimeout: 0,
          bodyTimeout: 0,
          signal: life,
        });
        return takeAnswer(response, task, file, config.limits.extensionAnswerBytes);
      }
    },
  };
}

function bodyOf({ runId, extension, asset, endpoint }: ExtensionTask, secret: string, now: number) {
  return {
    id: runId,
    extension: extension.name,
    options: extension.options,
    file: fileObject(asset, endpoint),
    content: {
      url: contentLink(endpoint.publicUrl, runId, secret, now),
      expiresAt: new Date((Math.floor(now / 1000) + linkSeconds) * 1000).toISOString(),
      mime: asset.mime,
      size: asset.size,
    },
  };
}

async function takeAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  task: ExtensionTask,
  file: IncomingFile,
  maxBytes: number,
): Promise<ExtensionResult> {
  const type = String(headers["content-type"] ?? "")
    .split(";", 1)[0]
    ?.trim()
    .toLowerCase();
  if (statusCode === 204) {
    await body.dump();
    return {};
  }
  if (statusCode !== 200) {
    const told = await readAtMost(body, maxBytes);
    const problem = told === undefined ? undefined : readProblem(told);
    const answered = `The extension's endpoint answered with the status ${statusCode}.`;
    if (statusCode >= 500 || passingStatuses.has(statusCode)) {
      // What an endpoint says about its own trouble, such as a host that it can't reach, is only for its operator.
      throw new RemoteError(answered, problem === undefined ? {} : { cause: new Error(problem) });
    }
    throw new ExtensionFailure("PROVIDER_REFUSED", problem ?? answered);
  }
  if (type !== undefined && jsonTypes.test(type)) {
    const answer = await readAtMost(body, maxBytes);
    if (answer !== undefined) return readAnswer(answer, task);
    throw new ExtensionFailure("ANSWER_INVALID", `The endpoint's answer exceeds ${maxBytes} bytes.`);
  }
  if (type === undefined || !/^(image|video|audio|application)\//.test(type)) {
    body.on("error", () => undefined).destroy();
    throw new ExtensionFailure(
      "ANSWER_INVALID",
      "The extension's endpoint answered neither with JSON nor with a file.",
    );
  }
  return { version: await receiveVersion(body, file) };
}

async function receiveVersion(body: Dispatcher.ResponseData["body"], file: IncomingFile) {
  for await (const chunk of body as AsyncIterable<Buffer>) {
    await file.write(chunk);
    if (file.excess !== undefined) throw new ExtensionFailure("FILE_TOO_LARGE", file.excess.message);
  }
  const spooled = await file.finish();
  if (spooled === undefined)
    throw new ExtensionFailure("ANSWER_INVALID", "The extension's endpoint sent an empty file.");
  return { file: spooled, head: file.head };
}

/** @returns undefined for a body with more than `most` bytes */
async function readAtMost(body: Dispatcher.ResponseData["body"], maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
