import { createHmac, randomUUID } from "node:crypto";
import { unixTime } from "./raw-token.ts";
import { keys } from "./server.ts";

export interface V1Fields extends Readonly<Record<string, string>> {
  readonly publicKey: string;
  readonly token: string;
  readonly expire: string;
  readonly signature: string;
}

/** The form fields that authenticate a client of V1, as docs/protocol/upload.md §4 specifies them. */
export function signV1({
  token = randomUUID() as string,
  expire = String(unixTime() + 600),
  privateKey = keys.privateKey as string,
  publicKey = keys.publicKey as string,
} = {}): V1Fields {
  const signature = createHmac("sha1", privateKey)
    .update(token + expire)
    .digest("hex");
  return { publicKey, token, expire, signature };
}
