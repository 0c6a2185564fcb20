import { describe, expect, test } from "vitest";
import { parseSecretsKeys } from "../../config/secrets-keys.ts";
import { SealedSecrets, UnopenedSecrets } from "./sealed-secrets.ts";

const [first = "", second = "", third = ""] = ["1a", "2b", "3c"].map((byte) => parseSecretsKeys(byte.repeat(32))[0]);
const owner = { accountId: "account", originId: "origin" };
const secrets = { accessKey: "AKIA", secretKey: "geheim ä" };

describe("sealed secrets", () => {
  const box = new SealedSecrets([first]);

  test("open to what was sealed, and show nothing of it", () => {
    const sealed = box.seal(secrets, owner);
    expect(sealed).toMatch(/^s1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]+$/);
    expect(box.open(sealed, owner)).toEqual(secrets);
    const bytes = Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString("latin1");
    for (const value of Object.values(secrets)) expect(bytes).not.toContain(value);
    expect(box.seal(secrets, owner)).not.toBe(sealed);
    expect(JSON.stringify(box)).toBe("{}");
  });

  test("open for their own account and origin alone", () => {
    const sealed = box.seal(secrets, owner);
    for (const other of [
      { ...owner, accountId: "other" },
      { ...owner, originId: "other" },
      { accountId: "accountorigin", originId: "" },
    ]) {
      expect(() => box.open(sealed, other)).toThrow(UnopenedSecrets);
    }
  });

  test("don't open once a bit of them has changed, or part of the tag is missing", () => {
    const sealed = box.seal(secrets, owner);
    const [form, id, nonce = "", data = ""] = sealed.split(".");
    const changed = (text: string) => {
      const bytes = Buffer.from(text, "base64url");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString("base64url");
    };
    for (const text of [
      [form, id, changed(nonce), data],
      [form, id, nonce, changed(data)],
      [form, id, nonce, data.slice(0, -4)],
      [form, id, nonce, ""],
      [form, id],
      ["s2", id, nonce, data],
    ]) {
      expect(() => box.open(text.join("."), owner)).toThrow(UnopenedSecrets);
    }
  });

  test("open with the key that sealed them, wherever it stands in the list, and the first key seals", () => {
    const sealed = box.seal(secrets, owner);
    const rotated = new SealedSecrets([second, first]);
    expect(rotated.open(sealed, owner)).toEqual(secrets);
    expect(new SealedSecrets([second]).open(rotated.seal(secrets, owner), owner)).toEqual(secrets);
    expect(() => new SealedSecrets([second, third]).open(sealed, owner)).toThrow(/lacks the key [0-9a-f]{16}/);
    expect(() => new SealedSecrets([]).seal(secrets, owner)).toThrow(UnopenedSecrets);
  });
});

describe("--secrets-key", () => {
  test("takes 32 bytes in hexadecimal and both kinds of base64, and several keys", () => {
    const bytes = Buffer.from("fb".repeat(32), "hex");
    for (const text of [bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")]) {
      expect(parseSecretsKeys(text)).toEqual([bytes.toString("base64")]);
    }
    expect(parseSecretsKeys(`${"1a".repeat(32)}, ${"2b".repeat(32)}`)).toEqual([first, second]);
  });

  test.each(["", "short", "1a".repeat(31), "1a".repeat(33), `${"1a".repeat(32)},`, "x".repeat(64)])(
    "%j is refused, and not quoted",
    (text) => {
      const refused = () => parseSecretsKeys(text);
      expect(refused).toThrow("--secrets-key must hold 32 bytes");
      if (text !== "") expect(refused).not.toThrow(text);
    },
  );

  test("a key twice is refused", () => {
    expect(() => parseSecretsKeys(`${"1a".repeat(32)},${"1A".repeat(32)}`)).toThrow("names a key twice");
  });
});
