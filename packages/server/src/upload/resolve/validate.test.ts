import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uniqueName } from "../../library/names.ts";
import { validate } from "./validate.ts";

function request(fields: Record<string, string>) {
  return validate(new Map(Object.entries({ fileName: "photo.jpg", ...fields })));
}

function refusal(fields: Record<string, string>): SluiceError {
  try {
    request(fields);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("names and folders", () => {
  test.each([
    ["photo.jpg", "photo.jpg"],
    ["my photo (1).jpg", "my_photo__1_.jpg"],
    ["naïve – 写真.jpg", "naïve___写真.jpg"],
    ["cafe\u0301.txt", "café.txt"],
    ["../../etc/passwd", ".._.._etc_passwd"],
    ["no-extension", "no-extension"],
    ["a\u0000b", "a_b"],
  ])("fileName %j is stored as %j", (given, stored) => {
    expect(request({ fileName: given }).fileName).toBe(stored);
  });

  test.each([
    ["/", "/"],
    ["", "/"],
    ["govind", "/govind"],
    ["/a/b/", "/a/b"],
    ["//a///b", "/a/b"],
    ["/a b/c.d/", "/a_b/c_d"],
  ])("folder %j becomes %j", (given, path) => {
    expect(request({ folder: given }).folder).toBe(path);
  });

  test.each([".", "..", "/a/../b", "a/./b"])("folder %j is refused", (folder) => {
    expect(refusal({ folder })).toMatchObject({
      reason: "FOLDER_INVALID",
      message: "Your request contains invalid value for folder parameter.",
    });
  });

  test("50 levels of folders are accepted, 51 are not", () => {
    expect(request({ folder: "a/".repeat(50) }).folder).toHaveLength(100);
    expect(refusal({ folder: "a/".repeat(51) }).reason).toBe("FOLDER_INVALID");
  });

  test.each([".", ".."])("fileName %j is refused by name", (fileName) => {
    expect(refusal({ fileName })).toMatchObject({ message: "Your request contains invalid fileName parameter." });
  });

  test("a name of 255 bytes fits, one of 256 does not", () => {
    expect(request({ fileName: "é".repeat(127) }).fileName).toHaveLength(127);
    expect(refusal({ fileName: "é".repeat(128) }).reason).toBe("PARAMETER_INVALID");
  });

  test("whatever the name, its unique form stays within a segment and keeps the extension", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (fileName) => {
        let name: string;
        try {
          name = request({ fileName }).fileName;
        } catch (error) {
          return error instanceof SluiceError;
        }
        const unique = uniqueName(name);
        expect(Buffer.byteLength(unique)).toBeLessThanOrEqual(255);
        expect(unique).not.toMatch(/[/\\\0]/);
        expect(uniqueName(name)).not.toBe(unique);
        return true;
      }),
    );
  });

  test("an extension that leaves no room for the suffix is cut like a stem", () => {
    const name = `a.${"x".repeat(253)}`;
    expect(uniqueName(name)).toMatch(/^a\.x{243}_[A-Za-z0-9_-]{9}$/);
    expect(uniqueName(`a.${"x".repeat(243)}`)).toMatch(/^a_[A-Za-z0-9_-]{9}\.x{243}$/);
  });

  test("the unique suffix goes before the last extension", () => {
    expect(uniqueName("a.tar.gz")).toMatch(/^a\.tar_[A-Za-z0-9_-]{9}\.gz$/);
    expect(uniqueName("README")).toMatch(/^README_[A-Za-z0-9_-]{9}$/);
    expect(uniqueName(".env")).toMatch(/^\.env_[A-Za-z0-9_-]{9}$/);
  });
});

describe("values", () => {
  test("absent parameters take the protocol's defaults", () => {
    expect(request({})).toMatchObject({
      folder: "/",
      useUniqueFileName: true,
      isPrivateFile: false,
      isPublished: true,
      overwriteFile: true,
      overwriteTags: true,
      overwriteAITags: true,
      overwriteCustomMetadata: true,
      overwriteDescription: true,
      tags: undefined,
      customCoordinates: undefined,
      description: undefined,
    });
  });

  test.each(["", "undefined", "null"])("%j counts as absent for an optional parameter", (text) => {
    expect(request({ tags: text, useUniqueFileName: text, description: text, checks: text })).toMatchObject({
      checks: undefined,
      tags: undefined,
      useUniqueFileName: true,
      description: undefined,
    });
  });

  test.each(["True", "1", "yes", " true"])("%j is no boolean", (text) => {
    expect(refusal({ isPrivateFile: text })).toMatchObject({
      status: 400,
      message: "Your request contains invalid isPrivateFile parameter.",
    });
  });

  test.each([
    ["a,b", ["a", "b"]],
    [" a , b,,a", ["a", "b"]],
    ['["a","b c"]', ["a", "b c"]],
    ["[draft],b", ["[draft]", "b"]],
  ])("tags %j are %j", (text, tags) => {
    expect(request({ tags: text }).tags).toEqual(tags);
  });

  test.each(['["a",1]', "[2026]", '[["a"]]', "[null]"])("tags %j are no list of texts", (text) => {
    expect(refusal({ tags: text }).message).toContain("tags");
  });

  test("tags of 500 characters pass, of 501 or with a percent sign do not", () => {
    expect(request({ tags: `${"a".repeat(250)},${"b".repeat(250)}` }).tags).toHaveLength(2);
    expect(refusal({ tags: `${"a".repeat(250)},${"b".repeat(251)}` }).message).toContain("tags");
    expect(refusal({ tags: "50%" }).message).toContain("tags");
  });

  test.each(["1,2,3", "a,b,c,d", "0,0,0,5", "-1,0,5,5", "1.5,0,5,5"])("customCoordinates %j is refused", (text) => {
    expect(refusal({ customCoordinates: text }).message).toContain("customCoordinates");
  });

  test("customCoordinates are kept as x,y,width,height", () => {
    expect(request({ customCoordinates: "10, 20,30,40" }).customCoordinates).toBe("10,20,30,40");
  });

  test("response fields: known ones are taken, unknown ones are refused", () => {
    expect([...request({ responseFields: "tags,isPublished" }).responseFields]).toEqual(["tags", "isPublished"]);
    expect(refusal({ responseFields: "tags,nonsense" }).reason).toBe("PARAMETER_INVALID");
  });

  test("custom metadata is a JSON object, whatever its fields are", () => {
    expect(request({ customMetadata: '{"b":[1,"x"], "a":null}' }).customMetadata).toEqual({ b: [1, "x"], a: null });
    for (const customMetadata of ["{", "[]", '"text"', "1", "{}x"]) {
      expect(refusal({ customMetadata }).message).toBe("Your request contains invalid customMetadata parameter.");
    }
  });

  test.each(["description", "tags"])(
    "a %s with the character U+0000 is refused: not every database can hold it",
    (name) => {
      expect(refusal({ [name]: "a\0b" })).toMatchObject({ status: 400, reason: "PARAMETER_INVALID" });
      expect(refusal({ [name]: "a\0b" }).message).toContain(name);
    },
  );

  test("a missing fileName is named", () => {
    expect(refusal({ fileName: "" }).message).toBe("Your request is missing fileName parameter.");
  });
});
