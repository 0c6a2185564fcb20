import { createHash, type Hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";

/** The algorithms of Upload-Checksum, each with the length of its digest in bytes. */
const algorithms = { sha1: 20, sha256: 32 } as const;
type Algorithm = keyof typeof algorithms;

export const checksumAlgorithms = Object.keys(algorithms).join(",");

const header = "Upload-Checksum";

/** The checksum that a piece's bytes are said to have. */
export interface Checksum {
  newHash(): Hash;
  matches(hash: Hash): boolean;
}

/** @throws SluiceError TUS_HEADER_INVALID */
export function parseChecksum(text: string | undefined): Checksum | undefined {
  if (text === undefined) return undefined;
  const [algorithm = "", encoded = "", ...others] = text.split(" ");
  if (!isAlgorithm(algorithm)) throw invalid(`The algorithms are ${checksumAlgorithms}.`);
  const expected = Buffer.from(encoded, "base64");
  if (others.length > 0 || expected.length !== algorithms[algorithm] || expected.toString("base64") !== encoded) {
    throw invalid(`Send ${algorithm}, a blank, and the ${algorithms[algorithm]} bytes of the checksum in base64.`);
  }
  return {
    newHash: () => createHash(algorithm),
    matches: (hash) => timingSafeEqual(hash.digest(), expected),
  };
}

function isAlgorithm(text: string): text is Algorithm {
  return Object.hasOwn(algorithms, text);
}

function invalid(problem: string): SluiceError {
  return new SluiceError("TUS_HEADER_INVALID", { header, problem });
}
