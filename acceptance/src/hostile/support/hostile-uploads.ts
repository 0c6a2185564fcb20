import fc, { type Arbitrary } from "fast-check";
import { encodeForm } from "../../harness/multipart.ts";
import { basicFor } from "../../harness/private-key.ts";
import { alive, signRaw } from "../../harness/raw-token.ts";
import { basic } from "../../harness/upload.ts";
import type { HostileRequest } from "./hostile-request.ts";
import { text } from "./hostile-values.ts";

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
  "webhookUrl",
  "transformation",
  "customMetadata",
  "checks",
  "iat",
  "token",
  "signature",
  "__proto__",
  "",
] as const;

const wholesome = [
  ["folder", "/a b/"],
  ["tags", "x,y"],
  ["isPrivateFile", "true"],
  ["isPublished", "false"],
  ["description", "text"],
  ["useUniqueFileName", "false"],
  ["responseFields", "tags,isPublished"],
  ["responseFields", "metadata,embeddedMetadata,selectedFieldsSchema"],
  ["customMetadata", "{}"],
  ["transformation", '{"pre":"w-3"}'],
  ["transformation", '{"post":[{"type":"transformation","value":"w-2"}]}'],
  ["extensions", '[{"name":"google-auto-tagging","minConfidence":50,"maxTags":1},{"name":"of-nobody"}]'],
  ["overwriteTags", "false"],
  ["checks", '"request.folder" : "/" OR "mediaMetadata.width" > 1'],
] as const;

const words = fc.constantFrom(
  ...["pre", "post", "type", "value", "name", "options", "transformation", "w-2", "n-x", "remove-bg", "__proto__", "a"],
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(words, fc.constantFrom(0, -1, 1e308, true, null)),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(words, tie("tree")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const deep = fc.constantFrom('{"a":', "[", '[{"a":').map((open) => {
  const close = open === "[" ? "]" : open.startsWith("[") ? "}]" : "}";
  return `${open.repeat(4000)}1${close.repeat(4000)}`;
});
const hostileJson = fc.oneof({ weight: 9, arbitrary: tree.map((value) => JSON.stringify(value)) }, deep);

const field = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...wholesome)
      .map(([name, body]) => ({ name: name as string, more: "", body: body as string })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constantFrom<string>(...names),
      more: fc.constantFrom("", "", "", '; filename="x"', "\r\nContent-Type: text/plain; charset=latin1", "; name=b"),
      body: text,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constantFrom("customMetadata", "transformation", "extensions", "responseFields", "tags", "checks"),
      more: fc.constant(""),
      body: fc.oneof(hostileJson, text),
    }),
  },
  // Fields that take any text.
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constantFrom("folder", "tags", "description"), more: fc.constant(""), body: text }),
  },
);
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
  fields: fc.oneof(
    { weight: 4, arbitrary: fc.uniqueArray(field, { maxLength: 4, selector: ({ name }) => name }) },
    { weight: 1, arbitrary: fc.array(field, { maxLength: 4 }) },
  ),
  files: fc.oneof(
    { weight: 4, arbitrary: fc.array(file, { minLength: 1, maxLength: 1 }) },
    fc.array(file, { maxLength: 2 }),
  ),
  fileFirst: fc.boolean(),
  named: fc.constantFrom(true, true, true, false),
  credentials: fc.constantFrom("basic", "basic", "basic", "token", "token", "token", "wrong", "bad token", "none"),
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

export const upload: Arbitrary<HostileRequest> = fc
  .tuple(
    form,
    fc.constantFrom(1, 2, 2, 2),
    fc.boolean(),
    fc.constantFrom(...Array(9).fill("multipart/form-data; boundary=fuzz"), "multipart/form-data", "text/plain"),
  )
  .map(([given, version, chunked, type]) => ({
    method: "POST",
    target: `/api/v${version}/files/upload`,
    headers: {
      "content-type": type,
      ...(given.credentials in authorization
        ? { authorization: authorization[given.credentials as keyof typeof authorization] }
        : {}),
    },
    body: encode(given),
    chunked,
  }));
