import { setTimeout as wait } from "node:timers/promises";
import { type Acknowledged, acknowledged } from "../harness/acknowledged.ts";
import { filePart, textParts } from "../harness/multipart.ts";
import { openUpload } from "../harness/open-upload.ts";
import type { Random } from "../harness/random.ts";
import { sealedContent } from "../harness/sealed-content.ts";
import { type Answer, basic, mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

export interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** The tokens of acknowledged uploads, each with the fields that it is valid for. */
  readonly usedTokens: readonly { readonly token: string; readonly fields: Record<string, string> }[];
  /** The number of uploads that were cut off by the server's end. */
  readonly interrupted: number;
}

const workers = 6;
const trickles = 3;

/**
 * Uploads without a pause, several at a time, until the server has gone. The uploads are new files and versions of old
 * ones, with unique and shared contents, small and large, with tokens and keys, and some bodies trickle in.
 * @param round goes into the names, so that no file gets too many versions
 * @param begun called when an upload has been acknowledged
 */
export async function uploadUntilKilled(
  url: string,
  round: number,
  random: Random,
  gone: AbortSignal,
  begun: () => void,
): Promise<Load> {
  const load = { acknowledged: [] as Acknowledged[], usedTokens: [] as Load["usedTokens"][number][], interrupted: 0 };
  let count = 0;

  async function uploadOne(): Promise<void> {
    const number = count++;
    const shared = random.chance(0.4);
    const size = random.chance(0.1) ? random.between(1_000_000, 3_000_000) : random.between(70, 300_000);
    const content = shared
      ? sealedContent(`shared ${random.between(0, 5)}`, 50_000)
      : sealedContent(`${round} ${number}`, size);
    const overwriting = random.chance(0.4);
    const fields = {
      fileName: overwriting ? `over-${random.between(0, 9)}.txt` : `${number}.txt`,
      folder: `/round-${round}/${random.between(0, 3)}`,
      ...(overwriting ? { useUniqueFileName: "false" } : {}),
    };
    if (random.chance(0.3)) {
      load.acknowledged.push(acknowledged(await uploadBasic(url, content, fields), content));
      return;
    }
    const token = mint(fields, { expiresIn: 3000 });
    load.acknowledged.push(acknowledged(await uploadWithToken(url, content, fields, token), content));
    load.usedTokens.push({ token, fields });
  }

  async function trickleOne(): Promise<void> {
    const name = `trickle ${round} ${count++}`;
    const content = sealedContent(name, random.between(2_000, 400_000));
    const fields = { fileName: "trickle.txt", folder: `/round-${round}` };
    load.acknowledged.push(acknowledged(await trickle(url, content, fields, gone), content));
  }

  async function repeat(upload: () => Promise<void>): Promise<void> {
    while (!gone.aborted) {
      try {
        await upload();
        begun();
      } catch (error) {
        // Before the server is killed nothing may fail. After that, anything but a refusal may happen.
        if (!gone.aborted || /^answered with/.test(String(error))) throw error;
        load.interrupted++;
      }
    }
  }

  await Promise.all([
    ...Array.from({ length: workers }, () => repeat(uploadOne)),
    ...Array.from({ length: trickles }, () => repeat(trickleOne)),
  ]);
  return load;
}

async function trickle(
  url: string,
  content: Buffer,
  fields: Record<string, string>,
  gone: AbortSignal,
): Promise<Answer> {
  const upload = openUpload(url, [...textParts(fields), filePart(content)], { headers: { authorization: basic } });
  const abort = (): void => upload.abort();
  gone.addEventListener("abort", abort, { once: true });
  try {
    for (let sent = 0; sent < content.length; sent += 16_384) {
      await Promise.race([upload.send(16_384), upload.answer]);
      await wait(10, undefined, { signal: gone });
    }
    upload.finish();
    return await upload.answer;
  } finally {
    gone.removeEventListener("abort", abort);
  }
}
