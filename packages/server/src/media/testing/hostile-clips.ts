import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeClip } from "./clips.ts";

const run = promisify(execFile);

/** What a hostile file tries to have opened. */
export interface Bait {
  /** The path of a file. */
  readonly path: string;
  /** The address of an HTTP server. */
  readonly url: string;
}

/** Texts that players take for a list of other files. */
export function playlists({ path, url }: Bait): Readonly<Record<string, Buffer>> {
  const texts = {
    "HLS playlist": `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${[`file:${path}`, path, `${url}/a.ts`, `concat:${path}|${path}`]
      .map((target) => `#EXTINF:1,\n${target}\n`)
      .join("")}#EXT-X-ENDLIST\n`,
    "HLS key": `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${path}\n#EXT-X-ENDLIST\n`,
    "HLS master": `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}/a.m3u8\n`,
    ffconcat: `ffconcat version 1.0\nfile '${path}'\nfile '${url}/a.mp4'\n`,
    DASH: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/a.mp4</BaseURL></Representation><Representation id="2" bandwidth="1"><BaseURL>file://${path}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    SDP: `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${new URL(url).port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    "image sequence": `${path}%03d.png`,
    ASX: `<asx version="3.0"><entry><ref href="${url}/a.asf"/></entry></asx>`,
    "RTSP reference": `rtsptext\nRTSPtextrtsp://${new URL(url).host}/a\n`,
    "Real playlist": `[Reference]\nRef1=${url}/a.asf\nRef2=file:${path}\n`,
    "SVG in a film": `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="file://${path}" width="9" height="9"/></svg>`,
    "IMF list": `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:00000000-0000-0000-0000-000000000000</Id></CompositionPlaylist>`,
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}

/** Containers that hold no media of their own, but name other files. */
export async function references({ path, url }: Bait): Promise<Readonly<Record<string, Buffer>>> {
  const mov = await makeClip({ seconds: 1, sound: false, format: "mov" });
  const mkv = await makeClip({
    ...{ seconds: 1, sound: false, format: "mkv" },
    more: ["-metadata", `title=${"t".repeat(100)}`],
  });
  const text = (target: string): Buffer => Buffer.from(`${target}\0`);
  return {
    "MOV, url of a file": withReference(mov, box("url ", [Buffer.alloc(4), text(`file://${path}`)])),
    "MOV, url of a server": withReference(mov, box("url ", [Buffer.alloc(4), text(`${url}/a.mov`)])),
    "MOV, alias of a file": withReference(mov, alias(path)),
    "MKV, next file": withNextFile(mkv, path),
    "MKV, next file of a server": withNextFile(mkv, `${url}/a.mkv`),
    "AVI, subtitles that are a playlist": aviWithSubtitles(
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:${path}\n#EXTINF:1,\n${url}/a.ts\n#EXT-X-ENDLIST\n`,
    ),
    "AVI, subtitles that are a list": aviWithSubtitles(`ffconcat version 1.0\nfile '${path}'\n`),
  };
}

/** Files that tell of more than they have, or break off. */
export async function lies(): Promise<Readonly<Record<string, Buffer>>> {
  const clip = await makeClip({ seconds: 1 });
  const silent = await makeClip({ seconds: 1, sound: false });
  const declared = (width: number, height: number): Buffer => {
    const bytes = Buffer.from(silent);
    const at = bytes.indexOf("avc1", bytes.indexOf("stsd"));
    bytes.writeUInt16BE(width, at + 28);
    bytes.writeUInt16BE(height, at + 30);
    const header = bytes.indexOf("tkhd");
    bytes.writeUInt32BE(width * 65536, header + 80);
    bytes.writeUInt32BE(height * 65536, header + 84);
    return bytes;
  };
  const endless = Buffer.from(clip);
  for (const [name, at] of [
    ["mvhd", 20],
    ["mdhd", 20],
    ["tkhd", 24],
  ] as const) {
    endless.writeUInt32BE(0xffffffff, endless.indexOf(name) + at);
  }
  const many = (text: string): Buffer => {
    const bytes = Buffer.from(clip);
    const at = bytes.indexOf(text);
    // The count behind version and flags.
    bytes.writeUInt32BE(0x7fffffff, at + 8);
    return bytes;
  };
  return {
    empty: Buffer.alloc(0),
    "one byte": Buffer.from([0]),
    zeros: Buffer.alloc(100_000),
    "cut in half": clip.subarray(0, clip.length / 2),
    "no moov": clip.subarray(0, clip.indexOf("moov") - 4),
    "only moov": clip.subarray(clip.indexOf("moov") - 4),
    "8192×8192 declared": declared(8192, 8192),
    "65535×65535 declared": declared(65535, 65535),
    "8192×8192": await makeClip({
      width: 8192,
      height: 8192,
      seconds: 0.4,
      frameRate: 5,
      picture: "color",
      sound: false,
    }),
    "16384×8192": await makeClip({
      width: 16384,
      height: 8192,
      seconds: 0.4,
      frameRate: 5,
      picture: "color",
      sound: false,
    }),
    "endless duration": endless,
    "times without end": many("stts"),
    "chunks without end": many("stco"),
    "negative times": await makeClip({
      ...{ seconds: 1, format: "mkv" },
      more: ["-output_ts_offset", "-5", "-avoid_negative_ts", "disabled"],
    }),
    "1,000 streams": await manyStreams(silent),
  };
}

async function manyStreams(clip: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-streams-"));
  try {
    const [source, target] = [join(folder, "one.mp4"), join(folder, "many.mkv")];
    await writeFile(source, clip);
    const maps = Array.from({ length: 1000 }, () => ["-map", "0:v"]).flat();
    await run("ffmpeg", ["-v", "error", "-i", source, ...maps, "-c", "copy", target]);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function box(type: string, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat([Buffer.from(type, "latin1"), ...parts]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length + 4);
  return Buffer.concat([size, content]);
}

const withChildren = new Set(["moov", "trak", "mdia", "minf", "dinf"]);

/** The film with this entry in the place of the one that says that the data are in the film itself. */
function withReference(mov: Buffer, entry: Buffer): Buffer {
  const boxes: Buffer[] = [];
  for (let at = 0; at + 8 <= mov.length; ) {
    const size = mov.readUInt32BE(at);
    const type = mov.toString("latin1", at + 4, at + 8);
    const content = mov.subarray(at + 8, at + size);
    if (type === "dref") boxes.push(box(type, [Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), entry]));
    else if (withChildren.has(type)) boxes.push(box(type, [withReference(content, entry)]));
    else boxes.push(mov.subarray(at, at + size));
    at += size;
  }
  return Buffer.concat(boxes);
}

/** An alias of QuickTime: a record of fixed length, and behind it the path. */
function alias(path: string): Buffer {
  const name = path.split("/").at(-1) ?? "";
  const record = Buffer.alloc(10 + 28 + 12 + 64 + 16 + 2 + 2 + 16);
  record.write("\u0004disk", 10, "latin1");
  record.writeUInt8(name.length, 50);
  record.write(name, 51, "latin1");
  record.writeUInt16BE(1, 130);
  record.writeUInt16BE(1, 132);
  const tagged = (tag: number, value: string): Buffer => {
    const bytes = Buffer.from(value.length % 2 === 0 ? value : `${value}\0`);
    const head = Buffer.alloc(4);
    head.writeInt16BE(tag);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, bytes]);
  };
  return box("alis", [Buffer.alloc(4), record, tagged(2, path), tagged(18, path), tagged(-1, "")]);
}

/** The film with the name of the next one (NextFilename) in the place of its title, which has 100 letters. */
function withNextFile(mkv: Buffer, name: string): Buffer {
  const bytes = Buffer.from(mkv);
  const at = bytes.indexOf(Buffer.from([0x7b, 0xa9, 0x80 + 100]));
  if (at < 0) throw new Error("the film has no title");
  Buffer.concat([Buffer.from([0x3e, 0x83, 0xbb, 0x80 + 99]), Buffer.from(name.padEnd(99, "\0"))]).copy(bytes, at);
  return bytes;
}

/** An AVI of one stream of subtitles (GAB2), which players read as a file of its own. */
function aviWithSubtitles(text: string): Buffer {
  const chunk = (type: string, ...parts: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const head = Buffer.alloc(8);
    head.write(type, "latin1");
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const list = (type: string, ...parts: readonly Buffer[]): Buffer => chunk("LIST", Buffer.from(type), ...parts);
  const main = Buffer.alloc(56);
  main.writeUInt32LE(40_000);
  main.writeUInt32LE(1, 16);
  main.writeUInt32LE(1, 24);
  const stream = Buffer.alloc(56);
  stream.write("txts", "latin1");
  stream.writeUInt32LE(1, 20);
  stream.writeUInt32LE(25, 24);
  stream.writeUInt32LE(1, 32);
  const head = Buffer.from("GAB2\0\x02\0\0\0\0\0\x04\0", "latin1");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const subtitles = Buffer.concat([head, size, Buffer.from(text)]);
  return chunk(
    "RIFF",
    Buffer.from("AVI "),
    list("hdrl", chunk("avih", main), list("strl", chunk("strh", stream), chunk("strf", Buffer.alloc(0)))),
    list("movi", chunk("00tx", subtitles)),
  );
}
