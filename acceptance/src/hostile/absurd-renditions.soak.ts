import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { deliver } from "../harness/deliver.ts";
import { expectStored } from "../harness/expectations.ts";
import { jpeg, png } from "../harness/samples.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { basic, uploadBasic } from "../harness/upload.ts";
import { metricsOf } from "../harness/worker-processes.ts";
import { alarmsOf } from "./support/alarms.ts";
import { processorSeconds, residentMemory } from "./support/process-facts.ts";

const MiB = 1024 * 1024;

const base64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString("base64"));

/** A picture of a few kilobytes that takes more memory than an image may. */
const bomb = sharp({ create: { width: 9000, height: 9000, channels: 3, background: "#123" } });
const slowDrawing = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000"><filter id="f">${'<feTurbulence numOctaves="9999"/>'.repeat(200)}</filter><rect width="2000" height="2000" filter="url(#f)"/></svg>`;

let server: ServerProcess;
let photo: string;
let start: number;
beforeAll(async () => {
  // The next picture doesn't wait until another process has taken the place of one that was ended.
  server = await startServerProcess({ flags: ["--limit", "images-spare=2"] });
  photo = await store(await jpeg(600, 400), "photo.jpg");
  await store(await png(200, 200, { alpha: true }), "logo.png");
  await store(await bomb.png().toBuffer(), "bomb.png");
  await store(await bomb.webp({ lossless: true }).toBuffer(), "bomb.webp");
  await store(slowDrawing, "bomb.svg");
  // The models take their memory when they first find something.
  for (const warming of ["w-100", "fo-face", "fo-dog"]) await deliver(`${photo}?tr=${warming}`);
  start = (await residentMemory(server)).peak;
});
afterAll(async () => {
  // A job that waits behind all this gives up, and is tried again.
  expect(alarmsOf(server).filter((line) => !/"job":"hash-pictures".*took too long/.test(line))).toEqual([]);
  await server.stop();
});

async function store(file: string | Uint8Array, fileName: string): Promise<string> {
  const answer = await uploadBasic(server.url, file, { fileName, useUniqueFileName: "false" });
  expectStored(answer);
  return answer.body.url;
}

/** The jobs that look at each new picture, hostile ones as well. They do it one picture at a time. */
const lookingJobs = ["hash-pictures", "hash-late-pictures", "color-pictures"];
/** The time that such a picture may take, while a picture that is asked for waits. */
const lookMs = 4_000;
/** The limit `images-memory-bytes`, and what the libraries keep. */
const allImages = 1280 * MiB;

/**
 * Expects an answer in time and within the memory bound, and a refusal unless the work can be done after all. The bound
 * allows for the picture before and after a step, and for the library's own memory.
 */
async function expectClean(url: string, statuses: readonly number[], maxGrowth = 768 * MiB): Promise<void> {
  const began = performance.now();
  const { status, headers } = await deliver(url);
  const tookMs = performance.now() - began;
  expect(statuses).toContain(status);
  if (status === 400) expect(headers["ik-error"]).toMatch(/^E(INVALID|LIMIT) - [\x20-\x7e]+$/);
  const growth = (await residentMemory(server)).peak - start;
  // A job rests after each picture, so one that was ahead of this picture is still there.
  const metrics = await metricsOf(server.url);
  const hasOther = lookingJobs.some((kind) => metrics.sum("sluice_jobs", { kind, state: "active" }) > 0);
  // A picture that is made is written in time of its own.
  expect(tookMs).toBeLessThan((status === 400 ? 5_000 : 7_000) + (hasOther ? lookMs : 0));
  expect(growth).toBeLessThan(hasOther ? allImages : maxGrowth);
}

describe("a transformation that asks for too much", () => {
  test.each([
    ["a number of thousands of digits", `w-${"9".repeat(5_000)}`],
    ["numbers that are none", "w-1e400,h-NaN"],
    ["an infinite one", "w-Infinity"],
    ["the largest sides", "w-65535,h-65535,c-force"],
    ["a pixel's height for a giant's width", "w-65535,h-1,c-force"],
    ["a density without end", "w-5000,h-5000,dpr-5,bl-100"],
    ["ten thousand steps", "w-1:".repeat(3_000).slice(0, -1)],
    ["turns that grow at each step", "rt-45:".repeat(30).slice(0, -1)],
    ["borders that grow at each step", "b-9999_FF0000:".repeat(30).slice(0, -1)],
    ["blurs upon blurs of what is large", `w-6000:${"bl-100:".repeat(25).slice(0, -1)}`],
    ["trims upon trims", "t-99:".repeat(31).slice(0, -1)],
    ["radii beyond all sides", "r-99999999999_max_0_1e9"],
    ["a mask of nothing but extremes", "e-usm-99999999-99999999-99999999-99999999"],
    ["a mask of numbers that overflow", `e-usm-${"9".repeat(400)}-1-1-1`],
    ["padding around a pixel", "w-1,h-1:w-16000,h-16000,cm-pad_resize,bg-blurred"],
    ["colours of the padding's border", "w-12000,h-8000,cm-pad_resize,bg-gradient_dominant_4"],
    ["layers in layers", `${"l-image,i-a.png,".repeat(200)}${"l-end,".repeat(200).slice(0, -1)}`],
    ["letters by the thousand", `l-text,ie-${base64("W ".repeat(1250))},fs-400,w-9000,l-end`],
    ["a line of thousands of letters", `l-text,ie-${base64("W".repeat(2500))},fs-300,l-end`],
    ["a line as long as many are short", `l-text,ie-${base64(`${"W".repeat(900)}${"\n".repeat(1500)}x`)},fs-40,l-end`],
    ["a letter without bounds", "l-text,i-W,fs-65535,pa-65535,l-end"],
    ["marks upon marks", `l-text,ie-${base64(`a${"\u0301".repeat(1200)}`)},fs-60,l-end`],
    ["twenty texts at once", "l-text,i-W,fs-2500,l-end,".repeat(20).slice(0, -1)],
    ["a text of controls", `l-text,ie-${base64("\u0000\u202e\ufeff\u200f")},bg-red,l-end`],
    ["conditions in conditions", `${"if-w_gt_1,".repeat(200)}w-1${",if-end".repeat(200)}`],
    ["arithmetic without end", `w-${"1_add_".repeat(2_500)}1`],
    ["a name of thousands of letters", `n-${"a".repeat(9_000)}`],
    ["a default image out of the library", "di-..@@..@@..@@etc@@passwd"],
    ["a page that is far away", "pg-999999999"],
    ["the names of what objects inherit", "__proto__-1,constructor-1,toString-1"],
    ["a separator thousands of times", `${",".repeat(5_000)}${":".repeat(5_000)}`],
    ["characters of no alphabet", "w-1%00,%EF%BF%BF-%ED%A0%80,%E2%80%AE-%F0%9F%92%A3"],
    ["broken percents", "w-%,%%%%2,%zz-%u0041"],
  ])("%s: it ends in a picture or a refusal, in time", async (_, text) => {
    await expectClean(`${photo}?tr=${text}`, [200, 400]);
  });
});

/** The text, so many times, with a separator between two of them. */
function times(count: number, text: string, separator = ""): string {
  return Array<string>(count).fill(text).join(separator);
}

const logo = (parameters: string): string => `l-image,i-logo.png,${parameters},l-end`;
const large = "w-6000,h-4000,c-force";

describe("a layer, an effect or arithmetic that asks for too much", () => {
  test.each([
    ["powers of powers", "w-iw_pow_iw_pow_iw_pow_iw"],
    ["a division by nothing, and the rest of it", "w-iw_div_0,h-ih_mod_0"],
    ["products without end", `w-iw${times(500, "_mul_99999999999999999999")}`],
    ["hundreds of comparisons", `if-${times(400, "w_gt_1", "_or_")},w-9,if-end`],
    ["comparisons with what has no value", "t-true:if-w_gt_iw_pow_iw,w-9,if-else,h-9,if-end"],
    ["layers three deep of the picture itself", `${times(3, "l-image,i-photo.jpg,")}${times(3, "l-end", ",")}`],
    ["as many layers as may be", times(20, logo("w-600,h-400,c-force,rt-45"), ",")],
    ["more layers than may be", times(21, logo("w-60"), ",")],
    ["a layer of a bomb", "l-image,i-bomb.png,l-end"],
    ["a layer of a bomb, made small", "l-image,i-bomb.webp,w-10,l-end"],
    ["bombs upon bombs", times(20, "l-image,i-bomb.webp,w-10,l-end", ",")],
    ["a layer of a drawing that takes hours", "l-image,i-bomb.svg,l-end"],
    ["drawings that take hours", times(20, "l-image,i-bomb.svg,w-9,l-end", ",")],
    ["faces in the layer of a bomb", "l-image,i-bomb.webp,fo-face,w-10,h-10,l-end"],
    ["faces in the layer of a drawing that takes hours", "l-image,i-bomb.svg,fo-face,w-10,h-10,l-end"],
    ["a zoom into a pixel", `${large}:w-6000,h-4000,fo-person,z-100`],
    ["crops around faces upon crops", times(30, "w-600,h-400,fo-face,z-99", ":")],
    ["a block of the largest sides", "l-image,i-ik_canvas,w-65535,h-65535,bg-red,l-end"],
    ["a block of sides that multiply", "l-image,i-ik_canvas,w-bw_mul_bh,h-bh_mul_bw,bg-red,l-end"],
    ["large blocks", `${large}:${times(20, "l-image,i-ik_canvas,w-6000,h-4000,bg-FF000050,l-end", ",")}`],
    ["a layer far away", logo("lx-99999999,ly-N99999999")],
    ["a layer that turns and grows", logo(`w-3000,rt-45${times(20, ":rt-45")}`)],
    ["a layer's strip that is enlarged", logo("t-99:w-16000,h-1,c-force:h-9000")],
    ["a large layer that is blurred", logo("w-6000,bl-100")],
    ["displacements of what is large", `${large}:${logo("w-6000,h-4000,c-force,lm-displace,lx-9999,ly-9999")}`],
    ["displacements upon displacements", times(20, logo("w-600,h-400,c-force,lm-displace,lx-50"), ",")],
    ["a cutter's strip that is enlarged", "l-image,i-ik_canvas,w-1,h-300,bg-red,lm-cutter,l-end:w-16000"],
    ["cutters upon cutters", times(20, "l-image,i-ik_canvas,w-100,h-100,bg-red,lm-cutter,l-end", ":")],
    ["shadows of what is large", `${large}:${times(20, "e-shadow-bl-15_st-100_x-100_y-100", ":")}`],
    ["shadows of extremes", logo("e-shadow-bl-99999_st-99999_x-99999_y-N99999")],
    ["gradients upon gradients", `${large}:${times(30, "e-gradient-ld-359_sp-99999", ":")}`],
    ["a gradient without an end", "e-gradient-sp-iw_div_0"],
    ["colours upon colours", `${large}:${times(30, "e-colorize-co-red_in-30", ":")}`],
    ["colours that are replaced again and again", `${large}:${times(30, "cr-FF0000_99_2a7f9e", ":")}`],
    ["an arc of a long strip", "w-16000,h-2,c-force:e-distort-a-1"],
    ["an arc of a tall strip", "w-2,h-16000,c-force:e-distort-a-350"],
    ["arcs of arcs", times(30, "e-distort-a-180", ":")],
    ["corners far away", "e-distort-p-N99999_N99999_99999_0_99999_99999_0_99999"],
    ["corners that overflow", `e-distort-p-${times(8, "9".repeat(300), "_")}`],
    ["corners upon corners", `${large}:${times(10, "e-distort-p-0_0_6000_0_6000_4000_0_4000", ":")}`],
    ["all of it for the slowest encoder", `w-5000,h-2400,c-force,${logo("w-5000,h-2400,c-force,bl-9")},f-avif`],
  ])("%s: it ends in a picture or a refusal, in time", async (_, text) => {
    await expectClean(`${photo}?tr=${text}`, [200, 400]);
  });

  test("named transformations that name each other in layers draw nothing without end", async () => {
    for (const [name, other] of ["ab", "ba"].map((pair) => [...pair])) {
      const transformation = `${logo(`n-${other}`)}:n-${other}`;
      const body = JSON.stringify({ name, transformation });
      const headers = { authorization: basic, "content-type": "application/json" };
      const { status } = await fetch(`${server.url}/v1/named-transformations`, { method: "POST", headers, body });
      expect(status).toBe(201);
    }
    await expectClean(`${photo}?tr=n-a`, [400]);
  });

  test("the server goes on", async () => {
    expect((await deliver(`${photo}?tr=w-90`)).status).toBe(200);
  });
});

describe("a drawing that asks for too much is drawn or refused, and as a drawing shown as text at most", () => {
  const svg = (content: string, more = "") =>
    `${more}<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">${content}</svg>`;
  const chain = (element: string) =>
    Array.from({ length: 24 }, (_, at) => `<g id="g${at}">${element.replaceAll("NEXT", `g${at + 1}`).repeat(8)}</g>`);

  test.each([
    ["use within use", svg(`${chain('<use href="#NEXT"/>').join("")}<g id="g24"><rect width="9" height="9"/></g>`)],
    [
      "patterns within patterns",
      svg(
        chain('<rect width="9" height="9" fill="url(#NEXT)"/>')
          .join("")
          .replaceAll("g id", 'pattern width="1" height="1" id')
          .replaceAll("/g", "/pattern"),
      ),
    ],
    [
      "entities within entities",
      svg(
        "<text>&d;</text>",
        `<!DOCTYPE svg [<!ENTITY a "${"x".repeat(90)}"><!ENTITY b "${"&a;".repeat(90)}"><!ENTITY c "${"&b;".repeat(90)}"><!ENTITY d "${"&c;".repeat(90)}">]>`,
      ),
    ],
    ["elements within elements", svg("<g>".repeat(100_000))],
    ["hundreds of thousands of elements", svg('<rect width="1" height="1"/>'.repeat(101_000))],
    ["an attribute of megabytes", svg(`<path d="M0 0${"L1 1".repeat(600_000)}"/>`)],
    [
      "filters without end",
      svg(
        `<filter id="f">${'<feTurbulence numOctaves="9999"/>'.repeat(200)}</filter><rect width="400" height="400" filter="url(#f)"/>`,
      ),
    ],
    ["dashes without end", svg('<path d="M0 0H400" stroke="red" stroke-dasharray="0.000001"/>')],
    ["sides beyond all screens", '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'],
  ])("%s: it is drawn or refused, in time", async (_, drawing) => {
    const url = await store(drawing, "drawing.svg");
    await expectClean(url, [200]);
    await expectClean(`${url}?tr=f-png,w-100`, [200, 400]);
  });
});

/** Pixels without order, which take a decoder long. @param side in pixels */
async function noise(side: number): Promise<Sharp> {
  const grain = { background: "#000", noise: { type: "gaussian", mean: 128, sigma: 50 } } as const;
  const small = sharp({ create: { width: side / 2, height: side / 2, channels: 3, ...grain } });
  const data = await small.resize(side, side).raw().toBuffer();
  return sharp(data, { raw: { width: side, height: side, channels: 3 } });
}

describe("a picture that takes long to decode, once for each search and once for itself", () => {
  beforeAll(async () => {
    const quality = { chromaSubsampling: "4:4:4", quality: 60 } as const;
    await store(await (await noise(4000)).avif({ ...quality, effort: 0 }).toBuffer(), "slow.avif");
    await store(await (await noise(5500)).jpeg({ ...quality, progressive: true }).toBuffer(), "slow.jpg");
    await store(await (await noise(2000)).png({ progressive: true, compressionLevel: 1 }).toBuffer(), "slow.png");
  }, 180_000);

  /** Waits until the server is done with what it can't call back of pictures that it has refused. */
  async function rest(): Promise<void> {
    let before = -1;
    await vi.waitFor(
      async () => {
        const used = await processorSeconds(server);
        const more = Math.abs(used - before);
        before = used;
        expect(more).toBeLessThan(0.02);
      },
      { timeout: 20_000, interval: 200 },
    );
  }

  const slow = ["slow.avif", "slow.jpg", "slow.png"];
  const around = (focus: string) => slow.map((name) => `l-image,i-${name},fo-${focus},w-9,h-9`);
  const beside = ["face", "dog"].flatMap(around).map((layer) => `${layer},l-end`);

  test.each([
    ["in layers beside each other", `w-92,h-92,${beside.join(",")}`],
    ["in layers within each other", `w-92,h-92,fo-face,${around("person").join(",")}${times(3, ",l-end")}`],
    ["as a face in a box", "w-90,h-90,fo-face"],
    ["as a face from close by", "w-91,h-91,fo-face,z-4"],
    ["as a face alone", "fo-face"],
    ["as a thing alone", "fo-dog"],
    ["as a thing in proportions, from close by", "fo-dog,ar-3-1,z-9"],
    ["again and again", `w-93,fo-face:${times(10, "w-93,h-93,fo-face,z-0.9:w-94,h-94,fo-person", ":")}`],
  ])("%s: it ends in a picture or a refusal, in time", { timeout: 120_000 }, async (_, text) => {
    for (const name of slow) {
      await rest();
      // A late search still runs beside the next picture.
      await expectClean(`${photo.replace("photo.jpg", name)}?tr=${text}`, [200, 400], allImages);
    }
  });

  test("the server goes on", async () => {
    await rest();
    expect((await deliver(`${photo}?tr=w-80,h-80,fo-face`)).status).toBe(200);
  });
});
