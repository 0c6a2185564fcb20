import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "../harness/deliver.ts";
import { expectStored } from "../harness/expectations.ts";
import { jpeg } from "../harness/samples.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { residentMemory } from "./support/process-facts.ts";

const MiB = 1024 * 1024;

const base64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString("base64"));

let server: RunningServer;
let photo: string;
let start: number;
beforeAll(async () => {
  server = await startServer();
  photo = await store(await jpeg(600, 400), "photo.jpg");
  await deliver(`${photo}?tr=w-100`);
  start = (await residentMemory(server)).peak;
});
afterAll(async () => {
  expect(alarmsOf(server)).toEqual([]);
  await server.stop();
});

async function store(file: string | Uint8Array, fileName: string): Promise<string> {
  const answer = await uploadBasic(server.url, file, { fileName });
  expectStored(answer);
  return answer.body.url;
}

/**
 * Expects an answer in time and within the memory bound, and a refusal unless the work can be done after all. The bound
 * allows for the picture before and after a step, and for the library's own memory.
 */
async function expectClean(url: string, statuses: readonly number[]): Promise<void> {
  const began = performance.now();
  const { status, headers } = await deliver(url);
  expect(statuses).toContain(status);
  if (status === 400) expect(headers["ik-error"]).toMatch(/^E(INVALID|LIMIT) - [\x20-\x7e]+$/);
  expect(performance.now() - began).toBeLessThan(7_000);
  expect((await residentMemory(server)).peak - start).toBeLessThan(768 * MiB);
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
