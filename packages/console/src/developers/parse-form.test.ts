import { expect, test } from "vitest";
import { parseForm } from "./parse-form.ts";

const field = (name: string, value: string) => ({ name, value });

test("lines are names and values, split at the first sign, and the token is taken out", () => {
  const text = "fileName=a=b.jpg\n\nfolder=/x \r\ntoken=eyJ.e.s\nisPrivateFile\nfile=@a.jpg";
  expect(parseForm(text)).toEqual({
    fields: [field("fileName", "a=b.jpg"), field("folder", "/x "), field("isPrivateFile", "")],
    token: "eyJ.e.s",
  });
});

test("a JSON object is taken member by member, and what is none as lines", () => {
  const json = '{"fileName": "a.jpg", "tags": ["x", 1], "isPrivateFile": true}';
  expect(parseForm(json).fields).toEqual([
    field("fileName", "a.jpg"),
    field("tags", '["x",1]'),
    field("isPrivateFile", "true"),
  ]);
  expect(parseForm("{broken=1").fields).toEqual([field("{broken", "1")]);
});

test.each([
  [
    "curl 'https://x/api' \\\n  --form-string 'fileName=a;type=b.jpg' \\\n  -F 'file=@a.jpg'",
    [field("fileName", "a;type=b.jpg")],
  ],
  ['curl u -F "folder=/it\'s \\"x\\"" -F tags=a;type=text/plain', [field("folder", `/it's "x"`), field("tags", "a")]],
  ["curl u -Fa=1 --form b=2 --form=c=3 -H 'x: y=z'", [field("a", "1"), field("b", "2"), field("c", "3")]],
  [`curl u -F 'a="x;type=\\"y"' -F b=<b.txt -F c=`, [field("a", 'x;type="y'), field("c", "")]],
  ["curl u -F a='it'\\''s'", [field("a", "it's")]],
])("the form of %s", (command, fields) => {
  expect(parseForm(command)).toEqual({ fields, token: undefined });
});

test("a curl command that the server has printed gives its token", () => {
  const command =
    "curl 'http://127.0.0.1:3000/api/v2/files/upload' \\\n  --form-string 'token=eyJ.e.s' \\\n  --form-string 'fileName=a.jpg' \\\n  -F 'file=@\"a.jpg\"'";
  expect(parseForm(command)).toEqual({ fields: [field("fileName", "a.jpg")], token: "eyJ.e.s" });
});
