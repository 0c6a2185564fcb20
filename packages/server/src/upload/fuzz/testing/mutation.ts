import fc, { type Arbitrary } from "fast-check";

/** The texts that a mutation inserts into the bytes: pieces of multipart and of header values. */
const tokens = [
  "\r\n",
  "\r",
  "\n",
  "\r\n\r\n",
  "--",
  "\0",
  '"',
  '\\"',
  ";",
  "; filename=x",
  '; name="file"',
  "\r\nContent-Type: text/plain; charset=utf-16",
  "\r\nContent-Disposition: form-data; name=token",
  "\r\nContent-Transfer-Encoding: base64",
  "\r\nA : b",
  "\r\n folded",
  "%22%0D%0A",
  "\xff\xfe",
  "\xc0\xaf",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\xef\xbb\xbf",
] as const;

type Mutation =
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "remove" | "repeat"; readonly at: number; readonly length: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "cut"; readonly at: number };

/** A position in millionths of the bytes' length, so that it stays in place when the bytes change. */
const place = fc.nat({ max: 999_999 });

const mutation: Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    bytes: fc.constantFrom(...tokens).map((text) => Buffer.from(text, "latin1")),
  }),
  fc.record({ kind: fc.constantFrom("remove" as const, "repeat" as const), at: place, length: fc.nat({ max: 40 }) }),
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
);

/** No mutation in two of five cases, else a few: bytes with many faults are refused for the first one. */
export const mutations: Arbitrary<Mutation[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Mutation[]>([]) },
  { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
);

export function mutate(bytes: Buffer, changes: readonly Mutation[]): Buffer {
  return changes.reduce(applyTo, bytes);
}

function applyTo(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor((change.at / 1_000_000) * (bytes.length + 1));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case "insert":
      return Buffer.concat([before, change.bytes, after]);
    case "remove":
      return Buffer.concat([before, after.subarray(change.length)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, change.length), after]);
    case "cut":
      return before;
    case "flip": {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << change.bit), at);
      return flipped;
    }
  }
}
