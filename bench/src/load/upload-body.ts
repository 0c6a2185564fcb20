import { once } from "node:events";
import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import { ending, opening, scanData } from "./jpeg.ts";
import type { Protocol } from "./plan.ts";

const boundary = "----bench-7MA4YWxkTrZu0gW";
const fillerBytes = 1024 * 1024;
const uniqueLength = 24;
/** Up to this file size a body is one buffer, and is sent with one write. */
const smallFile = 4 * 1024 * 1024;

/** Directus's token for scripts, which every upload carries. */
export const staticToken = "test-static-token";

/** The fields of every form, besides token and file. The tokens' claims are the same. */
export const fields = {
  fileName: "IMG_20260801_174233.jpg",
  folder: "/users/ada/holidays",
  tags: "sea,sun,summer",
  useUniqueFileName: "true",
  isPrivateFile: "false",
} as const;

export interface BodyOptions {
  readonly protocol: Protocol;
  /** The form's fields, besides token and file. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly picture: Buffer;
  readonly fileBytes: number;
  /** Any of the tokens that are going to be used. All tokens have the same length. */
  readonly sampleToken: string;
  /** A block that all bodies share. Repeated, it fills a large file between its beginning and its end. */
  readonly filler: Buffer;
}

export function makeFiller(): Buffer {
  return scanData(fillerBytes);
}

/**
 * The body of one connection's uploads, made once. Before each upload only the token and a few bytes of the picture
 * change, in place. That is safe, because a server that has answered has read the whole previous body.
 */
export class UploadBody {
  readonly length: number;
  readonly headers: OutgoingHttpHeaders;
  readonly #own: Buffer;
  readonly #filler: Buffer;
  /** The offset of the filler, which is sent `#fillers` times there. */
  readonly #fillerAt: number;
  readonly #fillers: number;
  readonly #tokenAt: number | undefined;
  readonly #uniqueAt: number;

  constructor({ protocol, fields: said = fields, picture, fileBytes, sampleToken, filler }: BodyOptions) {
    const start = opening(picture);
    const end = ending();
    const room = fileBytes - start.length - uniqueLength - end.length;
    if (room < 0) throw new Error(`the picture alone is larger than ${fileBytes} bytes`);
    this.#fillers = fileBytes <= smallFile ? 0 : Math.floor(room / filler.length);
    const rest = scanData(room - this.#fillers * filler.length);
    const form = formOf(protocol, sampleToken, said);
    this.#tokenAt = protocol === "form" ? form.head.indexOf(sampleToken) : undefined;
    this.#fillerAt = form.head.length + start.length;
    this.#uniqueAt = this.#fillerAt + rest.length;
    this.#own = Buffer.concat([form.head, start, rest, Buffer.alloc(uniqueLength), end, form.tail]);
    this.#filler = filler;
    this.length = this.#own.length + this.#fillers * filler.length;
    this.headers = { "content-length": this.length, ...headersOf[protocol](fileBytes) };
  }

  /** @param token ignored where the protocol has none */
  renew(unique: string, token: string): void {
    this.#own.write(unique.padStart(uniqueLength, "0"), this.#uniqueAt, uniqueLength, "latin1");
    if (this.#tokenAt !== undefined) this.#own.write(token, this.#tokenAt, "latin1");
  }

  async send(request: ClientRequest): Promise<void> {
    if (this.#fillers === 0) {
      request.end(this.#own);
      return;
    }
    request.write(this.#own.subarray(0, this.#fillerAt));
    for (let sent = 0; sent < this.#fillers; sent++) {
      if (!request.write(this.#filler)) await once(request, "drain");
    }
    request.end(this.#own.subarray(this.#fillerAt));
  }
}

interface Form {
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** The form with the token first, so that the server checks the token before the file arrives. */
function formOf(protocol: Protocol, token: string, said: Readonly<Record<string, string>>): Form {
  if (protocol === "form") return formAround({ token, ...said });
  if (protocol === "directus") return formAround({ title: fields.fileName });
  return { head: Buffer.alloc(0), tail: Buffer.alloc(0) };
}

/** A form of these fields, with the file last. */
function formAround(said: Readonly<Record<string, string>>): Form {
  const part = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const texts = Object.entries(said).map(([name, value]) => part(name, value));
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fields.fileName}"\r\nContent-Type: image/jpeg\r\n\r\n`;
  return { head: Buffer.from(texts.join("") + file), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

const headersOf = {
  form: () => ({ "content-type": `multipart/form-data; boundary=${boundary}` }),
  raw: () => ({ "content-type": "image/jpeg" }),
  directus: () => ({
    "content-type": `multipart/form-data; boundary=${boundary}`,
    authorization: `Bearer ${staticToken}`,
  }),
  tus: (fileBytes) => ({
    "tus-resumable": "1.0.0",
    "upload-length": fileBytes,
    "content-type": "application/offset+octet-stream",
    "upload-metadata": `filename ${Buffer.from(fields.fileName).toString("base64")}`,
  }),
} as const satisfies Record<Protocol, (fileBytes: number) => OutgoingHttpHeaders>;
