import { promisify } from "node:util";
import { inflate, inflateSync } from "node:zlib";
import type { ByteSource } from "../../byte-source.ts";
import type { FoundProfile } from "./found-metadata.ts";
import { maxProfileBytes } from "./profile-cost.ts";

const inflateApart = promisify(inflate);

/** A profile of so many bytes, as nearly all are, inflates in less time than it takes to ask another thread. */
const maxBytesHere = 64 * 1024;

/**
 * Reads a colour profile.
 * @returns undefined for one that doesn't inflate, or has more than `maxProfileBytes`
 */
export async function contentOf(
  source: ByteSource,
  { parts, isDeflated = false }: FoundProfile,
): Promise<Buffer | undefined> {
  const found: Buffer[] = [];
  let left = maxProfileBytes;
  for (const { offset, length } of parts) {
    const bytes = await source.read(offset, Math.min(Math.max(length, 0), left + 1));
    left -= bytes.length;
    if (left < 0) return undefined;
    found.push(bytes);
  }
  const [first, ...others] = found;
  const content = others.length === 0 && first !== undefined ? first : Buffer.concat(found);
  return isDeflated ? inflateProfile(content) : content;
}

async function inflateProfile(deflated: Buffer): Promise<Buffer | undefined> {
  try {
    return inflateSync(deflated, { maxOutputLength: maxBytesHere });
  } catch (error) {
    if (!(error instanceof RangeError)) return undefined;
    return inflateApart(deflated, { maxOutputLength: maxProfileBytes }).catch(() => undefined);
  }
}
