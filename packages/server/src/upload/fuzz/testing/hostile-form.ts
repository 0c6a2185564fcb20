import fc, { type Arbitrary } from "fast-check";
import { fieldName, hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";

export const boundary = "----fuzz";

export interface FormPart {
  readonly name: string;
  /** The headers after the name, word for word. */
  readonly rest: string;
  readonly body: Uint8Array;
}

const rest = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "\r\nContent-Type: text/plain",
      "\r\nContent-Type: text/plain;charset=UTF-8",
      "\r\nContent-Type: text/plain; charset=latin1",
      "\r\nContent-Type: image/jpeg",
      '; filename="a.jpg"\r\nContent-Type: image/png',
      "; filename=",
      '; filename=""',
      "; filename*=UTF-8''%e2%82%ac",
      "; filename*=iso-8859-1''%ff",
      '; name="file"',
      ";",
      "\r\nContent-Transfer-Encoding: quoted-printable",
      `\r\nX-Padding: ${"x".repeat(5_000)}`,
    ),
  },
);

const fileBody: Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(Buffer.from(bytes).toString("base64"))),
  fc
    .constantFrom(
      "data:image/png;base64,AAAA",
      "data:,x",
      "{}",
      "",
      "data:;base64,*",
      "https://example.com/a.jpg",
      "http:",
      "====",
      "A",
      `\r\n--${boundary}x`,
    )
    .map((text) => Buffer.from(text)),
);

const textBody: Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: hostileText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
);

export const formPart: Arbitrary<FormPart> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ name: fieldName, rest, body: textBody }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("file"), rest, body: fileBody }) },
);

export function encodeForm(parts: readonly FormPart[]): Buffer {
  const chunks = parts.flatMap(({ name, rest: more, body }) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${more}\r\n\r\n`),
    body,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

/** Escapes a name as browsers do. Browsers leave the backslash as it is. */
function escapeName(name: string): string {
  return name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}

/** Forms that are valid, nearly valid and not valid at all. */
export const formBytes: Arbitrary<Buffer> = fc
  .tuple(fc.array(formPart, { maxLength: 8 }), mutations)
  .map(([parts, changes]) => mutate(encodeForm(parts), changes));

/** The sizes of the chunks that the bytes are cut into. The sizes are used over and over. */
export const cuts: Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
);

export async function* chop(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
