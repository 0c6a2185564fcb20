import fc from "fast-check";

/** A change of a file: some bytes are written over, a piece is left out or repeated, or the end is cut off. */
export type Change =
  | { readonly kind: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "number"; readonly at: number; readonly value: number; readonly little: boolean }
  | { readonly kind: "remove" | "repeat"; readonly at: number; readonly length: number }
  | { readonly kind: "cut"; readonly at: number };

/** A part of the length. `fc.double` would nearly always be the beginning: it draws exponents, not places. */
const place = fc.nat({ max: 2 ** 30 - 1 }).map((number) => number / 2 ** 30);
/** Numbers at the edges of what lengths, counts and offsets can be. */
const edge = fc.constantFrom(0, 1, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff);
/** Any change. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) }),
  fc.record({ kind: fc.constant("number" as const), at: place, value: edge, little: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom("remove" as const, "repeat" as const),
    at: place,
    length: fc.integer({ min: 1, max: 200 }),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
);

/** The bytes with the change. */
export function applyTo(bytes: Buffer, made: Change): Buffer {
  const at = Math.floor(made.at * bytes.length);
  switch (made.kind) {
    case "write":
      return Buffer.concat([bytes.subarray(0, at), made.bytes, bytes.subarray(at + made.bytes.length)]);
    case "number": {
      const number = Buffer.alloc(4);
      if (made.little) number.writeUInt32LE(made.value);
      else number.writeUInt32BE(made.value);
      return Buffer.concat([bytes.subarray(0, at), number, bytes.subarray(at + 4)]);
    }
    case "remove":
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + made.length)]);
    case "repeat":
      return Buffer.concat([bytes.subarray(0, at + made.length), bytes.subarray(at)]);
    case "cut":
      return bytes.subarray(0, at);
  }
}
