import type { Readable } from "node:stream";
import { canonicalParameters, createUploadToken, type UploadParameters } from "@sluice/token";
import type { LightMyRequestResponse } from "fastify";
import { createAccount } from "../../../../accounts/account-transactions.ts";
import type { Settings } from "../../../../config/settings.ts";
import type { TestEngine } from "../../../../testing/engines.ts";
import { openWholeApp, type WholeApp } from "../../../testing/whole-app.ts";

export const keys = { publicKey: "public_demo", privateKey: "private_demo" };
export const basic = { authorization: `Basic ${btoa(`${keys.privateKey}:`)}` };
export const publicUrl = "https://media.example";
export const collection = "/_sluice/resumable";

type Method = "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST";

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

export interface Creation extends Sent {
  readonly length?: number;
  /** The parameters; the token is minted for just these. */
  readonly parameters?: UploadParameters;
  readonly token?: string;
  /** Further pairs of Upload-Metadata. */
  readonly pairs?: Readonly<Record<string, string>>;
}

/** The whole app with an account, and a tus client. */
export interface ResumableApp extends WholeApp {
  send(method: Method, path: string, sent?: Sent): Promise<LightMyRequestResponse>;
  /** Creates a session, and fails if it is refused. @returns its path */
  create(creation?: Creation): Promise<string>;
  tryCreate(creation?: Creation): Promise<LightMyRequestResponse>;
  patch(
    path: string,
    offset: number,
    body: string | Buffer | Readable,
    headers?: Sent["headers"],
  ): Promise<LightMyRequestResponse>;
  /** The offset that HEAD tells. */
  offsetOf(path: string): Promise<number>;
  /** The names of the account's files. */
  names(): Promise<string[]>;
}

export async function openResumableApp(engine: TestEngine, settings: Partial<Settings> = {}): Promise<ResumableApp> {
  const place = await engine.prepare();
  // A test need not wait long for pieces that are under way when the server ends.
  const whole = await openWholeApp({ ...place.settings, limits: { shutdownMs: 2000 }, ...settings });
  const { app, parts } = whole;
  await parts.database.run(createAccount, { imagekitId: "demo", pair: keys, now: 1 });

  const send: ResumableApp["send"] = (method, path, { headers, body } = {}) =>
    app.inject({
      method,
      url: path,
      headers: { "tus-resumable": "1.0.0", ...headers },
      ...(body !== undefined && { payload: body }),
    });
  const tryCreate: ResumableApp["tryCreate"] = async ({
    length = 10,
    parameters,
    token,
    pairs,
    headers,
    body,
  } = {}) => {
    const named = parameters ?? { fileName: "a.txt" };
    const minted = token ?? (headers?.authorization ? undefined : await mint(named));
    const all = { ...canonicalParameters(named), ...(minted !== undefined && { token: minted }), ...pairs };
    const metadata = { "upload-length": String(length), "upload-metadata": metadataOf(all) };
    return send("POST", collection, { headers: { ...metadata, ...headers }, ...(body !== undefined && { body }) });
  };
  return {
    ...whole,
    send,
    tryCreate,
    async create(creation) {
      const answer = await tryCreate(creation);
      if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${answer.body}`);
      return String(answer.headers.location).slice(publicUrl.length);
    },
    patch: (path, offset, body, headers) =>
      send("PATCH", path, {
        headers: { "upload-offset": String(offset), "content-type": "application/offset+octet-stream", ...headers },
        body,
      }),
    async offsetOf(path) {
      const { statusCode, headers } = await send("HEAD", path);
      return statusCode === 200 ? Number(headers["upload-offset"]) : -statusCode;
    },
    async names() {
      const { body } = await app.inject({ url: "/v1/files", headers: basic });
      return (JSON.parse(body) as { name: string }[]).map(({ name }) => name).sort();
    },
    async close() {
      await whole.close();
      await place.drop();
    },
  };
}

export function mint(parameters: UploadParameters): Promise<string> {
  return createUploadToken(parameters, { ...keys, expiresIn: 600 });
}

export function metadataOf(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}

export function reasonOf({ body }: LightMyRequestResponse): string | undefined {
  return body.startsWith("{") ? (JSON.parse(body) as { reason?: string }).reason : undefined;
}
