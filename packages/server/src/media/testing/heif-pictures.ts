import { gunzipSync } from "node:zlib";

// libheif encoded these files, with x265 and aom. Nothing that the tests may use writes such files.

/** The quadrants of `pictures.ts` at 64 x 48, as HEIC. */
export const heicQuadrants: Buffer = decode([
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAWltZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA",
  "AAAERAAAEAAQAAAAABjQABAAAAAAAAARcAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA6WlwcnAA",
  "AADKaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA",
  "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAQAAAAAEAAAAw",
  "AAAAAQAAAAAAAAAC////8AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAF2lwbWEAAAAAAAAAAQABBIECBIMAAAEfbWRhdAAAARMoAa8E+EExmb/0y/",
  "//8+Ndl+n2pb3LILwH14DJfsKJ//ii3/eiQxu7sP/yVPqqdM0/EVsm8xqrjznrfrkDbD+bANY/RVWwL7C8n9Y2d6lM48/LZ87+7Pf/5XE//PGF",
  "1rm2PeL7EDP+oV//YnclfG6B/npfPt0FjWI+49Ov6m8ly4IKKIxYQG5HgXpzOqyoOruSuMG9q3fXl8bdEL+R/etizn27BtYCn77PTVWsr6tSLV",
  "3LboFUIvC18xuv09fOhYlUVGGvg5h1vmlfuHmm01AUgdNJ0LJO3A/N7cKnw24O/jkcd138jS859SFkwdNXcfwOTtN37Lwbgt4fjuuUt8kNfUdz",
  "X6JA7bCsA0fPvr7I7L69XA==",
]);

/** The same picture, stored upright and shown turned clockwise by a quarter. Its EXIF states the turn as well. */
export const heicTurned: Buffer = decode([
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAbRtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA",
  "AAAERAAAIAAQAAAAAB2AABAAAAAAAAARcAAgAAAAAC7wABAAAAAAAAAB4AAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp",
  "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA82lwcnAAAADTaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE",
  "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA",
  "AAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAQAAAAAEAAAAwAAAAAQAAAAAAAAAC////8AAAAAIAAAAQcGl4aQAAAAADCAgIAAAACWlyb3",
  "QDAAAAGGlwbWEAAAAAAAAAAQABBYECBIOFAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAAE9bWRhdAAAARMoAa8E+EExmb/0y///8+Ndl+n2",
  "pb3LILwH14DJfsKJ//ii3/eiQxu7sP/yVPqqdM0/EVsm8xqrjznrfrkDbD+bANY/RVWwL7C8n9Y2d6lM48/LZ87+7Pf/5XE//PGF1rm2PeL7ED",
  "P+oV//YnclfG6B/npfPt0FjWI+49Ov6m8ly4IKKIxYQG5HgXpzOqyoOruSuMG9q3fXl8bdEL+R/etizn27BtYCn77PTVWsr6tSLV3LboFUIvC1",
  "8xuv09fOhYlUVGGvg5h1vmlfuHmm01AUgdNJ0LJO3A/N7cKnw24O/jkcd138jS859SFkwdNXcfwOTtN37Lwbgt4fjuuUt8kNfUdzX6JA7bCsA0",
  "fPvr7I7L69XAAAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==",
]);

/** Two pictures in one file: the quadrants, which are the primary picture, and all 64 x 64 pixels encoded of them. */
export const heicOfTwo: Buffer = heicWithWhole(heicQuadrants);

/** Two pictures in one file: a blue one, and the quadrants, which are the primary picture. */
export const avifOfTwo: Buffer = decode([
  "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAAQNtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA",
  "AAAERAAAIAAQAAAAABJwABAAAAAAAAACcAAgAAAAABTgABAAAAAAAAADQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABhdjAxAAAAABVp",
  "bmZlAgAAAAACAABhdjAxAAAAAA5waXRtAAAAAAACAAAAXGlwcnAAAAA4aXBjbwAAAAxhdjFDgQAMAAAAABRpc3BlAAAAAAAAAEAAAAAwAAAAEH",
  "BpeGkAAAAAAwgICAAAABxpcG1hAAAAAAAAAAIAAQOBAgMAAgOBAgMAAABjbWRhdBIACgkYFX+9ggIaDQgyGBNAAggghAC0VVUYP53oZs/PmJry",
  "cuCcMhIACgkYFX+9ggIaDQgyJUTQAIIIIQC4Z3URX7Tw3zopfG2GKhjGNi3zBLOVNVJ3n9OWU0A=",
]);

/** Six megapixels of one colour. */
export const heicLarge: Buffer = gunzipSync(
  decode([
    "H4sIAAAAAAACA2NgYJBJK6ksyEjNTGYAgtzMNEMQOzczMY2BgdElN7UkkQECFDNScoqgbIaCzOQSBjSglJmTDzbExYGBEQiBgDEDQjMwsEUACe",
    "XMzLw0MBckKgrkpDJBeRllyYYgJl9BZkkuXMmRzIKiAiC9LLMgOR9IVwGVOTMyg4QmgBVN+8Dw5++PHwwM/MwJQB0SDow8jP//gxQwg1Qwg9C0",
    "XUwOiUBJXSdGRjSZBYzlCuwXU3dN8sqe3dDWzAQSNAIRTAJJQB3sLowHizYkOQAtEsksLkiFeIV7BwMD+wUgQ6AgsyITJMLMwcEBpMQyC3JhoQ",
    "UMAOZGJqAtbAm5KYnAsGIL0WBcL8nC3nR3sVvOTMOEg81s3NfXx+2t+voaRh34zvjA//+XopikrR3T2BolmHP0ji2AOpUotKZhefSeA3e4P2WQ",
    "oouZQX3BZPZMK9L0MLAeaSdRBxDtbCBdzzzS9YgbkKzlNcm2MJ8jUQf3DBI1iF0gUYPGAhI1FB4gUcMCEoOJ0ZNE9cWkqWdqIk098yfS1LMeIV",
    "H9FtLUsz8hTT3HCdLUc3GQpp7PgkT1P0hTz19BYk4WIE298AXamk9qySJhQEP3MB4HAGTpnybABwAA",
  ]),
);

function decode(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(""), "base64");
}

/** Writes the file anew around the same data, with a second item that isn't cut to its clean aperture. */
function heicWithWhole(bytes: Buffer): Buffer {
  const properties = bytes.subarray(bytes.indexOf("ipco") - 4, bytes.indexOf("ipma") - 4);
  const data = bytes.subarray(bytes.indexOf("mdat") + 4);
  const head = bytes.subarray(0, bytes.readUInt32BE(0));
  const make = (offset: number): Buffer => {
    const place = [0, 0, 0, 1, ...word(offset), ...word(data.length)];
    const item = (id: number) => box("infe", [2, 0, 0, 0, 0, id, 0, 0], "hvc1\0");
    return box(
      "meta",
      [0, 0, 0, 0],
      box("hdlr", Array(8).fill(0), "pict", Array(13).fill(0)),
      box("pitm", [0, 0, 0, 0, 0, 1]),
      box("iloc", [0, 0, 0, 0, 0x44, 0, 0, 2, 0, 1, ...place, 0, 2, ...place]),
      box("iinf", [0, 0, 0, 0, 0, 2], item(1), item(2)),
      box("iprp", properties, box("ipma", [0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 0x81, 2, 4, 0x83, 0, 2, 3, 0x81, 2, 4])),
    );
  };
  return Buffer.concat([head, make(head.length + make(0).length + 8), box("mdat", data)]);
}

function box(type: string, ...parts: readonly (Uint8Array | readonly number[] | string)[]): Buffer {
  const content = Buffer.concat([Buffer.from(type), ...parts.map((part) => Buffer.from(part as Uint8Array))]);
  return Buffer.concat([Buffer.from(word(content.length + 4)), content]);
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
