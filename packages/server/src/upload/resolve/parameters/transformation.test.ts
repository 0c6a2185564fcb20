import { errorCatalogue, SluiceError } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import { parseUploadTransformation } from "./transformation.ts";

const read = (value: unknown) => parseUploadTransformation(JSON.stringify(value));

function refusal(text: string): SluiceError {
  try {
    parseUploadTransformation(text);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a transformation", () => {
  test("is what is made before the file is stored, and after", () => {
    expect(read({ pre: "w-10" })).toEqual({ pre: "w-10", post: [] });
    expect(read({ pre: "tr:w-10,h-20:rt-90", post: [] })).toEqual({ pre: "tr:w-10,h-20:rt-90", post: [] });
    const post = [
      { type: "transformation", value: "w-10" },
      { type: "thumbnail" },
      { type: "thumbnail", value: "w-20" },
      { type: "gif-to-video", value: "q-50" },
      { type: "abs", value: "sr-240_360", protocol: "dash" },
    ];
    expect(read({ post })).toEqual({ post });
  });

  test("may be of an account's own making, and ask for the bytes as they are", () => {
    expect(read({ pre: "n-small" }).pre).toBe("n-small");
    expect(read({ pre: "orig-true" }).pre).toBe("orig-true");
  });
});

const value = "w-10";
const wrong: readonly (readonly [name: string, text: string, help: string])[] = [
  ["no JSON", "{", "It must be JSON"],
  ["no object", "[]", "It must be a JSON object"],
  ["null inside", '{"pre":null}', "pre must be"],
  ["empty", "{}", "pre, post or both"],
  ["another member", '{"pre":"w-10","during":"w-10"}', '"during"'],
  ["a member that every object has", '{"constructor":"w-10"}', '"constructor"'],
  ["pre that is no text", '{"pre":1}', "pre must be"],
  ["pre that is empty", '{"pre":""}', "pre must be"],
  ["pre that says nothing", '{"pre":"tr:"}', "pre asks for nothing"],
  ["pre with an unknown parameter", '{"pre":"wow-1"}', "pre: Unsupported transformation parameter: wow"],
  ["pre with a bad value", '{"pre":"w-wide"}', "pre: Invalid value of transformation parameter"],
  ["pre that isn't closed", '{"pre":"l-text,i-a"}', "pre: Layer without l-end"],
  ["pre with a NUL", '{"pre":"w-10\\u0000"}', "control characters"],
  ["pre with half a surrogate pair", '{"pre":"w-10,n-\\ud800"}', "control characters"],
  ["pre that is too long", JSON.stringify({ pre: "w-10:".repeat(1000) }), "4096 characters"],
  ["post that is no array", '{"post":{}}', "array"],
  ["six entries", JSON.stringify({ post: Array(6).fill({ type: "transformation", value }) }), "at most 5"],
  ["an entry that is no object", '{"post":["w-10"]}', "post[0] must be a JSON object"],
  ["an entry without a type", '{"post":[{"value":"w-10"}]}', "type of post[0]"],
  ["an unknown type", '{"post":[{"type":"toString","value":"w-10"}]}', "type of post[0]"],
  ["an entry without its value", '{"post":[{"type":"thumbnail"},{"type":"transformation"}]}', "post[1] needs a value"],
  ["a bad value of an entry", '{"post":[{"type":"transformation","value":"w-x"}]}', "value of post[0]: Invalid"],
  ["a value that is no text", '{"post":[{"type":"thumbnail","value":7}]}', "value of post[0] must be"],
  ["a protocol that isn't one's own", '{"post":[{"type":"thumbnail","protocol":"hls"}]}', "protocol"],
  ["abs without protocol", '{"post":[{"type":"abs","value":"sr-240_360"}]}', "hls or dash"],
  ["abs with another protocol", '{"post":[{"type":"abs","value":"sr-240_360","protocol":"rtmp"}]}', "hls or dash"],
  ["abs without a value", '{"post":[{"type":"abs","protocol":"hls"}]}', "needs a value"],
  ["another member of an entry", '{"post":[{"type":"thumbnail","size":1}]}', '"size"'],
];

describe("what is no transformation is refused in the protocol's words", () => {
  test.each(wrong)("%s", (_name, text, help) => {
    const error = refusal(text);
    expect(error).toMatchObject({
      status: 400,
      reason: "TRANSFORMATION_INVALID",
      message: errorCatalogue.TRANSFORMATION_INVALID.message,
    });
    expect(error.help).toContain(help);
    expect(error.help.length).toBeLessThan(300);
  });
});
