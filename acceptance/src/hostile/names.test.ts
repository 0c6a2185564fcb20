import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "../harness/deliver.ts";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { listFiles } from "../harness/library.ts";
import { call } from "../harness/media-api.ts";
import { filePart, textPart } from "../harness/multipart.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic, post, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

/** Names with letters, marks and numbers in every normalisation, and names that pretend to be something else. */
const names: readonly string[] = [
  // Compositions that look alike: equal in one normalisation form and different in another.
  "cafe\u0301.txt",
  "caf\u00e9.txt",
  "\u212b ngstro\u0308m.txt",
  "\u1e9b\u0323.txt",
  "\u0041\u0323\u0307.txt",
  "\u0041\u0307\u0323.txt",
  "\u{1d15e}\u{2f800}.txt",
  "\u1100\u1161\u11a8.txt",
  "\uac01.txt",
  "\ufb01le.txt",
  "\uff46\uff49\uff4c\uff45.txt",
  "\u2460\u00b2\u2168.txt",
  "\u0130\u0131I.txt",
  "stra\u00dfe.TXT",
  // Dots and slashes of other scripts, which some systems fold into the ASCII ones.
  "..\u2215..\u2215etc\u2215passwd",
  "\uff0e\uff0e\uff0fetc",
  "\u2024\u2024\u2044a",
  "..%2f..%2fa",
  "%2e%2e%2fa",
  "..%c0%afa",
  "..%255c..%255ca",
  "%00.txt",
  "a%0d%0aset-cookie:x",
  "%u002e%u002e",
  "&#46;&#46;&#47;a",
  "..;a",
  // Characters that change direction, have another width, or are invisible.
  "photo\u202egpj.exe",
  "\u2066a\u2069\u200f.txt",
  "zero\u200bwidth\u200c\u200d\u2060\ufeff.txt",
  "soft\u00adhyphen.txt",
  "\u115f\u3164\uffa0.txt",
  "\u{e0061}\u{e007f}.txt",
  `zalgo${"\u0336\u0353\u035c".repeat(30)}.txt`,
  "\u0301leading.txt",
  "a\u0338.txt",
  // Names that operating systems reserve.
  "CON",
  "con.txt",
  "NUL.tar.gz",
  "COM1",
  "LPT\u00b9.txt",
  "CLOCK$",
  "desktop.ini",
  ".htaccess",
  ".git",
  "Thumbs.db",
  "a.txt:stream",
  "a.txt::$DATA",
  "trailing.txt.",
  "trailing.txt ",
  "trailing.txt. . .",
  " leading.txt",
  "...",
  "....",
  "-rf",
  "--help",
  "~",
  "~root",
  "a*?[b].txt",
  "a|b>c<d",
  "$(touch x)`id`.txt",
  "a';drop table files;--.txt",
  'a"b\\c.txt',
  "a\tb\vc\fd\x7fe\x85f\u2028g.txt",
  "\0",
  // Names with a meaning in URLs and in this server's own paths.
  "tr:w-100",
  "ik-seo",
  "ik-thumbnail.jpg",
  "v1",
  "_sluice",
  "a?b=c&d#e.txt",
  "a+b%20c.txt",
  "http://example.com/a.txt",
  "data:text/html,x",
  "javascript:alert(1)",
  // Names of the greatest length.
  "a".repeat(255),
  `${"\u{20000}".repeat(62)}.txt`,
  `${"e\u0301".repeat(120)}.txt`,
];

const allowed = /^[\p{L}\p{M}\p{N}._-]+$/u;

describe("a name", () => {
  test.each(names)("%j is uploaded, listed, delivered at its url and deleted", async (fileName) => {
    const content = `content of ${JSON.stringify(fileName)}`;
    const fields = { fileName, folder: "/names", useUniqueFileName: "false" };
    const answer = await uploadWithToken(server.url, content, fields);
    expectStored(answer);
    const { fileId, name, filePath, url } = answer.body;
    expect(name).toMatch(allowed);
    expect(name).toBe(name.normalize("NFC"));
    expect(filePath).toBe(`/names/${name}`);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/demo\/names\/(?:[A-Za-z0-9._~!'()*-]|%[0-9A-F]{2})+$/);
    const { body: listed } = await call(server.url, "GET", "/v1/files?path=names");
    expect(listed).toEqual([expect.objectContaining({ fileId, name, filePath })]);
    for (const address of [url, listed[0].url]) {
      const delivered = await deliver(original(address));
      expect([delivered.status, delivered.bytes.toString()]).toEqual([200, content]);
    }
    // Clients change the address: the URL standard's parser leaves it as it is, and a Mac decomposes it.
    expect(new URL(url).href).toBe(url);
    const decomposed = `${server.url}/demo/names/${encodeURIComponent(name.normalize("NFD"))}`;
    expect((await deliver(original(decomposed))).bytes.toString()).toBe(content);
    const attachment = await deliver(`${original(url)}&ik-attachment=true`);
    expect(attachment.headers["content-disposition"]).toMatch(/^attachment; filename=[\x20-\x7e]+$/);
    expect((await call(server.url, "DELETE", `/v1/files/${fileId}`)).status).toBe(204);
    expect((await deliver(url)).status).toBe(404);
    expect(await listFiles(server.url)).toEqual([]);
  });

  test.each(names.filter((name) => !["...", "....", "\0"].includes(name)))(
    "%j as a folder keeps its files inside the library, and its own ones apart",
    async (folder) => {
      const answer = await uploadBasic(server.url, "inside", { fileName: "a.txt", folder, useUniqueFileName: "false" });
      if (answer.status !== 200) {
        expectRefusal(answer, 400, "FOLDER_INVALID");
        return;
      }
      const { fileId, filePath, url } = answer.body;
      const segments = filePath.split("/").slice(1, -1);
      for (const segment of segments) expect(segment).toMatch(/^[\p{L}\p{M}\p{N}_-]+$/u);
      expect((await deliver(original(url))).bytes.toString()).toBe("inside");
      const path = encodeURIComponent(`/${segments.join("/")}`.normalize("NFD"));
      const { body: listed } = await call(server.url, "GET", `/v1/files?path=${path}`);
      expect(listed).toEqual([expect.objectContaining({ fileId, filePath })]);
      expect((await call(server.url, "DELETE", `/v1/files/${fileId}`)).status).toBe(204);
    },
  );

  test("that delivery URLs begin with for another reason is no folder at the top, and one like any other below", async () => {
    const upload = (folder: string) => uploadBasic(server.url, "seo", { fileName: "a.txt", folder });
    for (const folder of ["ik-seo", "/ik-seo/", "//ik-seo/a"])
      expectRefusal(await upload(folder), 400, "FOLDER_INVALID");
    const { body } = await upload("/a/ik-seo");
    expect((await deliver(original(body.url))).bytes.toString()).toBe("seo");
  });

  test("that differs in its normalisation alone is the same file; in its look alone, another one", async () => {
    const upload = (fileName: string) => uploadBasic(server.url, fileName, { fileName, useUniqueFileName: "false" });
    const same = ["\u1ea5.txt", "\u00e2\u0301.txt", "a\u0302\u0301.txt"];
    const ids = await Promise.all(same.map(async (name) => (await upload(name)).body.fileId));
    expect(new Set(ids).size).toBe(1);
    // Latin, Cyrillic, Greek and full-width letters. K and the Kelvin sign are one letter in NFC.
    const alike = ["a.txt", "\u0430.txt", "\u03b1.txt", "\uff41.txt", "A.txt", "\u0410.txt"];
    const others = await Promise.all(alike.map(async (name) => (await upload(name)).body.fileId));
    expect(new Set(others).size).toBe(alike.length);
    expect((await upload("\u212a.txt")).body.fileId).toBe((await upload("K.txt")).body.fileId);
  });

  test.each([
    ["overlong UTF-8", Buffer.from("..\xc0\xaf..\xc0\xafa", "latin1")],
    ["a surrogate in UTF-8", Buffer.from("a\xed\xa0\x80b", "latin1")],
    ["a pair of surrogates in UTF-8", Buffer.from("\xed\xa0\xbd\xed\xb8\x80", "latin1")],
    ["more than Unicode has", Buffer.from("\xf4\x90\x80\x80", "latin1")],
    ["Latin-1", Buffer.from("caf\xe9.txt", "latin1")],
    ["UTF-16", Buffer.from("\ufeffa.txt", "utf16le")],
    ["Shift JIS", Buffer.from("\x93\xfa\x96\x7b.txt", "latin1")],
  ])("in %s is refused", async (_what, bytes) => {
    for (const name of ["fileName", "folder", "tags", "description"]) {
      const part = { headers: [`Content-Disposition: form-data; name="${name}"`], body: bytes };
      const others = name === "fileName" ? [] : [textPart("fileName", "a.txt")];
      const answer = await post(server.url, [part, ...others, filePart("x")], { authorization: basic });
      expectRefusal(answer, 400, "PARAMETER_INVALID");
    }
  });

  test("brings nothing into the log, whatever it is", () => {
    expect(alarmsOf(server)).toEqual([]);
  });
});
