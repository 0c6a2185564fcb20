import { parseTransformation, printTransformation } from "@sluice/grammar";
import ImageKit from "imagekit";
import { expect, test } from "vitest";
import { parseDeliveryUrl } from "./delivery-url.ts";

const endpoint = "https://ik.example/demo/";
const sdk = new ImageKit({ publicKey: "public_x", privateKey: "private_x", urlEndpoint: endpoint });

/**
 * Each case is a step as version 6 of the SDK takes it, and what the server reads. The SDK encodes the whole
 * transformation in a query, and nothing in a path.
 */
test.each<[Record<string, string | number | boolean>, string]>([
  [{ height: 300, width: 400 }, "w-400,h-300"],
  [
    { format: "jpg", progressive: "true", effectSharpen: "-", effectContrast: "1" },
    "e-contrast,e-sharpen-50,f-jpg,pr-true",
  ],
  [{ effectGray: "-", effectUSM: "2-2-0.8-0.024" }, "e-grayscale,e-usm-2-2-0.8-0.024"],
  [
    { effectShadow: "bl-15_st-40", effectGradient: "from-red_to-white" },
    "e-gradient-ld-180_from-red_to-white_sp-1,e-shadow-bl-15_st-40_x-2_y-2",
  ],
  [
    { aspectRatio: "4-3", width: 400, crop: "force", focus: "top_left", dpr: 2 },
    "w-400,ar-4-3,dpr-2,c-force,fo-top_left",
  ],
  [{ cropMode: "extract", x: 10, y: 20, width: 3, height: 4 }, "w-3,h-4,cm-extract,x-10,y-20"],
  [{ defaultImage: "/folder/a b.jpg/", width: 4 }, "di-folder@@a%20b.jpg,w-4"],
  [{ rotate: 90, rotation: "N20" }, "rt-N20"],
  [
    { named: "small", original: true, trim: 10, metadata: "true", colorProfile: "false" },
    "n-small,orig-true,t-10,cp-false,md-true",
  ],
  [
    { border: "5_FF0000", background: "00FF00", radius: "max", blur: 3, quality: 50, lossless: "true" },
    "bg-00FF00,bl-3,b-5_FF0000,r-max,q-50,lo-true",
  ],
  [{ raw: "l-text,i-Hello World,fs-20,l-end" }, "l-text,i-Hello%20World,fs-20,l-end"],
])("%j is %s", (step, printed) => {
  for (const transformationPosition of ["path", "query"] as const) {
    const url = sdk.url({ path: "/folder/a.jpg", transformation: [step, { height: 77 }], transformationPosition });
    const target = parseDeliveryUrl(url.slice(endpoint.length));
    expect(target.segments).toEqual(["folder", "a.jpg"]);
    expect(printTransformation(parseTransformation(target.transformations))).toBe(`${printed}:h-77`);
  }
});
