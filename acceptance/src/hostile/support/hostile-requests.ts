import fc, { type Arbitrary } from "fast-check";
import { encodeForm } from "../../harness/multipart.ts";
import { basicFor } from "../../harness/private-key.ts";
import { alive, signRaw } from "../../harness/raw-token.ts";
import { basic } from "../../harness/upload.ts";

/** One request of any shape that HTTP allows; what it says may be anything. */
export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly chunked: boolean;
}

const texts = [
  "",
  "a.jpg",
  "true",
  "null",
  "undefined",
  "-1",
  "1e309",
  "../../etc/passwd",
  "..%2f%2e%2e/",
  "%c0%ae",
  "%00",
  "a\r\nb: c",
  "\u202egpj.exe",
  "\ufeff\u200b",
  "e\u0301",
  "\u{10ffff}",
  "CON",
  "' or 1=1 --",
  "<script>",
  "__proto__",
  "constructor",
  '["x"]',
  "[".repeat(500),
  "x,y",
  "1,2,3,4",
  "/a/b c/",
  "/".repeat(500),
  "a".repeat(300),
] as const;
const names = [
  "fileName",
  "folder",
  "useUniqueFileName",
  "overwriteFile",
  "tags",
  "tags[]",
  "isPrivateFile",
  "isPublished",
  "customCoordinates",
  "responseFields",
  "description",
  "extensions",
  "checks",
  "iat",
  "token",
  "signature",
  "__proto__",
  "",
] as const;

const text: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }).map((value) => value.toWellFormed()) },
);

/** What a header may hold: Latin-1 without control characters. */
const headerText = text.map((value) => [...Buffer.from(value).toString("latin1")].filter(isPrintable).join(""));

function isPrintable(character: string): boolean {
  return (character >= " " && character <= "~") || character >= "\xa0";
}

const field = fc.record({
  name: fc.constantFrom(...names),
  more: fc.constantFrom("", "", "", '; filename="x"', "\r\nContent-Type: text/plain; charset=latin1", "; name=b"),
  body: text,
});
const file = fc.record({
  more: fc.constantFrom('; filename="a.bin"', "", "\r\nContent-Type: image/png"),
  body: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom("AAAA", "data:image/png;base64,iVBO", "*", "<svg>")),
});

interface FormCase {
  readonly fields: readonly { readonly name: string; readonly more: string; readonly body: string }[];
  readonly files: readonly { readonly more: string; readonly body: string | Uint8Array }[];
  readonly fileFirst: boolean;
  readonly named: boolean;
  readonly credentials: "basic" | "wrong" | "token" | "bad token" | "none";
  readonly damage: readonly (readonly [place: number, text: string])[];
}

const form: Arbitrary<FormCase> = fc.record({
  fields: fc.array(field, { maxLength: 4 }),
  files: fc.oneof(
    { weight: 4, arbitrary: fc.array(file, { minLength: 1, maxLength: 1 }) },
    fc.array(file, { maxLength: 2 }),
  ),
  fileFirst: fc.boolean(),
  named: fc.boolean(),
  credentials: fc.constantFrom("basic", "basic", "wrong", "token", "token", "bad token", "none"),
  damage: fc.oneof(
    { weight: 3, arbitrary: fc.constant<[number, string][]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.tuple(fc.nat({ max: 999 }), fc.constantFrom("", "\r\n", "--", "\0", '"', "\xff", "\r\n--fuzz--\r\n")),
        { minLength: 1, maxLength: 3 },
      ),
    },
  ),
});

function encode({ fields, files, fileFirst, named, credentials, damage }: FormCase): Buffer {
  const all = named ? [{ name: "fileName", more: "", body: "a.txt" }, ...fields] : fields;
  const fieldParts = all.map(({ name, more, body }) => part(name, more, body));
  const fileParts = files.map(({ more, body }) => part("file", more, body));
  const claims = Object.fromEntries(
    all.filter(({ name }) => name !== "token" && name !== "iat").map(({ name, body }) => [name, body]),
  );
  const tokens =
    credentials === "token"
      ? [part("token", "", signRaw({ payload: alive(claims) }))]
      : credentials === "bad token"
        ? [part("token", "", "a.b.c")]
        : [];
  const parts = fileFirst ? [...fileParts, ...fieldParts, ...tokens] : [...tokens, ...fieldParts, ...fileParts];
  const { body } = encodeForm(parts, "fuzz");
  return damage.reduce((bytes: Buffer, [place, inserted]) => {
    const at = Math.floor((place / 1000) * bytes.length);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(inserted, "latin1"),
      bytes.subarray(at + (inserted === "" ? 7 : 0)),
    ]);
  }, body);
}

function part(name: string, more: string, body: string | Uint8Array) {
  return { headers: [`Content-Disposition: form-data; name="${name}"${more}`], body };
}

const authorization = { basic, wrong: basicFor("private_other") } as const;

const upload: Arbitrary<HostileRequest> = fc
  .tuple(
    form,
    fc.constantFrom(1, 2, 2, 2),
    fc.boolean(),
    fc.constantFrom("multipart/form-data; boundary=fuzz", "multipart/form-data", "text/plain"),
  )
  .map(([given, version, chunked, type]) => ({
    method: "POST",
    target: `/api/v${version}/files/upload`,
    headers: {
      // Almost always the right type: anything else is refused for it alone.
      "content-type": given.named ? "multipart/form-data; boundary=fuzz" : type,
      ...(given.credentials in authorization
        ? { authorization: authorization[given.credentials as keyof typeof authorization] }
        : {}),
    },
    body: encode(given),
    chunked,
  }));

const queryName = fc.constantFrom(
  "type",
  "sort",
  "path",
  "limit",
  "skip",
  "fileType",
  "searchQuery",
  "tr",
  "ik-s",
  "ik-t",
  "ik-obj-version",
  "updatedAt",
  "ik-attachment",
  "ik-attachment-filename",
  "__proto__",
);
const query = fc
  .array(
    fc.tuple(
      queryName,
      fc.oneof(
        text.map(encodeURIComponent),
        fc.constantFrom("file", "ASC_NAME", "1", "n-ik_ml_thumbnail", "orig-true", "%", "%zz", "a".repeat(40)),
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`));
const segment = fc.oneof(
  fc.constantFrom(
    "demo",
    "v1",
    "files",
    "a.jpg",
    "..",
    "%2e%2e",
    ".",
    "",
    "tr:w-1",
    "tr:n-ik_ml_thumbnail",
    "ik-seo",
    "_sluice",
    "details",
    "versions",
    "0123456789abcdef01234567",
    "%",
    "%c0%ae",
    "a;b",
    "\\",
    "*",
  ),
  text.map(encodeURIComponent),
);
const target = fc
  .tuple(
    fc.constantFrom("/demo/", "/v1/files", "/v1/files/", "/", "/_sluice/demo/", "/api/"),
    fc.array(segment, { maxLength: 4 }),
    query,
  )
  .map(([start, rest, end]) => `${start}${rest.join("/")}${end}`);
const headers = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "range",
        "accept",
        "if-none-match",
        "if-modified-since",
        "if-range",
        "origin",
        "access-control-request-headers",
        "x-forwarded-for",
        "host",
        "cookie",
        "authorization",
      ),
      headerText,
    ),
    { maxLength: 3 },
  )
  .map((pairs) => ({ authorization: basic, ...Object.fromEntries(pairs) }));

const other: Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT", "POST", "TRACE", "PURGE"),
  target,
  headers,
  body: fc.constantFrom(undefined, undefined, Buffer.from("{}"), Buffer.from("[1]"), Buffer.alloc(3000, "{")),
  chunked: fc.boolean(),
});

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc
    .dictionary(
      fc.constantFrom("tags", "description", "customCoordinates", "publish", "isPublished", "__proto__"),
      fc.oneof(text, fc.boolean(), fc.array(text, { maxLength: 3 }), fc.record({ isPublished: fc.boolean() })),
      { maxKeys: 2 },
    )
    .map((value) => JSON.stringify(value)),
  text,
);

/** @param fileIds of files that exist */
export function hostileRequest(fileIds: readonly string[]): Arbitrary<HostileRequest> {
  const patch: Arbitrary<HostileRequest> = fc
    .tuple(fc.constantFrom(...fileIds, "0123456789abcdef01234567"), json)
    .map(([id, body]) => ({
      method: "PATCH",
      target: `/v1/files/${id}/details`,
      headers: { authorization: basic, "content-type": "application/json" },
      body: Buffer.from(body),
      chunked: false,
    }));
  return fc.oneof({ weight: 5, arbitrary: upload }, { weight: 4, arbitrary: other }, { weight: 2, arbitrary: patch });
}
