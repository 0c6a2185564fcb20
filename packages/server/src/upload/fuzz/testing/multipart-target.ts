import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { parseBoundary, parseHeaderValue } from "../../form/multipart/header-value.ts";
import { MultipartError, refuseForm } from "../../form/multipart/multipart-error.ts";
import { readParts } from "../../form/multipart/multipart-reader.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { boundary, chop, cuts, encodeForm, type FormPart, formBytes } from "./hostile-form.ts";
import { hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";

const limits = { parts: 6, headerBytes: 4_096, preambleBytes: 64, epilogueBytes: 64 };

/** Every form is read or refused for a reason, and the outcome doesn't depend on where its chunks were cut. */
export const multipartTarget: FuzzTarget = {
  name: "the multipart reader",
  share: 220,
  async check(batch) {
    const numRuns = Math.ceil(batch.numRuns / 2);
    await fc.assert(fc.asyncProperty(fc.array(plainPart, { maxLength: 4 }), cuts, expectReadBack), {
      ...batch,
      numRuns,
    });
    await fc.assert(
      fc.asyncProperty(formBytes, cuts, async (bytes, sizes) => {
        const whole = await readAll(bytes, []);
        expect(whole.parts.length).toBeLessThanOrEqual(limits.parts);
        expect(whole.parts.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(bytes.length);
        for (const { name } of whole.parts) expect(name.includes("\ufffd") && !bytes.includes("\ufffd")).toBe(false);
        if (sizes.length > 0) expect(await readAll(bytes, sizes)).toEqual(whole);
      }),
      { ...batch, numRuns },
    );
  },
};

const piece = fc.constantFrom("\r\n", "\r", "\n", "--", "-", boundary, `--${boundary.slice(1)}`, "x", "\0", "\xff");
const plainPart: Arbitrary<FormPart> = fc.record({
  name: fc.constantFrom("a", "file", "é", "__proto__"),
  rest: fc.constantFrom("", "\r\nContent-Type: text/plain"),
  body: fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => Buffer.from(pieces.join(""), "latin1"))
    .filter((body) => !`\r\n${body.toString("latin1")}`.includes(`\r\n--${boundary}`)),
});

async function expectReadBack(parts: readonly FormPart[], sizes: readonly number[]): Promise<void> {
  const { parts: read, refused } = await readAll(encodeForm(parts), sizes);
  expect(refused).toBeUndefined();
  expect(read.map(({ name, body }) => [name, body])).toEqual(
    parts.map(({ name, body }) => [name, Buffer.from(body).toString("latin1")]),
  );
}

interface ReadForm {
  readonly parts: { readonly name: string; readonly filename: string | undefined; readonly body: string }[];
  readonly refused?: string;
}

async function readAll(bytes: Buffer, sizes: readonly number[]): Promise<ReadForm> {
  const parts: { name: string; filename: string | undefined; body: string }[] = [];
  try {
    for await (const { name, filename, body } of readParts(chop(bytes, sizes), boundary, limits)) {
      const part = { name, filename, body: "" };
      parts.push(part);
      for await (const slice of body) part.body += slice.toString("latin1");
    }
    return { parts };
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    const { status, message } = refuseForm(error);
    expect(status).toBe(400);
    return { parts, refused: message };
  }
}

const headerSeeds = [
  'form-data; name="a"; filename="b"',
  "multipart/form-data; boundary=----fuzz",
  'multipart/form-data;boundary="a b"; charset=utf-8',
  "text/plain;charset=utf-8;charset=latin1",
  'form-data; name="a\\"b\\\\"; filename=c d',
] as const;

/** Header values of any shape are parsed or refused quickly. */
export const headerTarget: FuzzTarget = {
  name: "header values and boundaries",
  share: 100,
  check: (batch) =>
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          fc
            .tuple(fc.constantFrom(...headerSeeds), mutations)
            .map(([text, changes]) => mutate(Buffer.from(text), changes).toString("latin1")),
        ),
        (text) => {
          const parsed = parseHeaderValue(text);
          for (const [name] of parsed?.parameters ?? []) expect(name).toBe(name.toLowerCase());
          const found = parseBoundary(text);
          if (found !== undefined) {
            expect(parsed?.value).toBe("multipart/form-data");
            expect(found).toMatch(/^[\x20-\x7e]{1,70}$/);
          }
        },
      ),
      batch,
    ),
};
