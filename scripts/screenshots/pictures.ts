import sharp from "sharp";

/** Pictures that look like somebody's photographs of a journey, drawn by code. */

const side = 640;

function gradient(id: string, ...colours: readonly string[]): string {
  const stops = colours.map(
    (colour, index) => `<stop offset="${index / (colours.length - 1)}" stop-color="${colour}"/>`,
  );
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>`;
}

function times(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join("");
}

const sky = `<rect width="${side}" height="${side}" fill="url(#sky)"/>`;

const drawings = {
  sunset: `<defs>${gradient("sky", "#2b2a6b", "#b8437a", "#ff8a5c", "#ffc46b")}${gradient("sea", "#c2506f", "#3b2a6d")}</defs>${sky}
    <circle cx="320" cy="345" r="92" fill="#ffe9b0"/><rect y="390" width="640" height="250" fill="url(#sea)"/>
    <g fill="#ffd58a" opacity=".75">${times(6, (i) => `<rect x="${250 - i * 14}" y="${405 + i * 34}" width="${140 + i * 28}" height="9" rx="4"/>`)}</g>`,
  dunes: `<defs>${gradient("sky", "#7fc8e8", "#fde7c4")}${gradient("far", "#f6b26b", "#d9793f")}${gradient("near", "#dd8445", "#a94f2c")}</defs>${sky}
    <circle cx="470" cy="170" r="62" fill="#fff4d6"/><path d="M0 360Q160 250 340 350T640 320V640H0z" fill="url(#far)"/>
    <path d="M0 470Q210 340 400 450T640 430V640H0z" fill="url(#near)"/><path d="M0 560Q240 470 430 540T640 520V640H0z" fill="#8c3b2a"/>`,
  mountains: `<defs>${gradient("sky", "#5aa9e6", "#cfe9fb", "#fef6e4")}</defs>${sky}
    <path d="M0 430 170 190 300 370 420 150 640 440V640H0z" fill="#5a7fa8"/>
    <path d="M420 150 352 275l38-14 30 34 34-30 40 30zM170 190 116 266l34-10 22 26 26-24 30 26z" fill="#fff"/>
    <path d="M0 480 150 380 320 500 480 370 640 470V640H0z" fill="#2f5d62"/><path d="M0 560Q200 480 360 560T640 540V640H0z" fill="#1f4037"/>`,
  citrus: `<rect width="640" height="640" fill="#ffd84d"/><circle cx="320" cy="320" r="236" fill="#fff7d6"/><circle cx="320" cy="320" r="212" fill="#ffb703"/>
    ${times(8, (i) => `<path d="M320 306 252 142Q320 110 388 142z" fill="#ffd166" transform="rotate(${i * 45} 320 320)"/>`)}`,
  leaf: `<defs>${gradient("sky", "#d8f3dc", "#95d5b2")}${gradient("leaf", "#74c69d", "#1b4332")}</defs>${sky}
    <g transform="rotate(38 320 320)" fill="none" stroke="#e9fbd9" stroke-width="8"><path d="M320 70C500 200 500 430 320 590 140 430 140 200 320 70z" fill="url(#leaf)" stroke="none"/>
    <path d="M320 110V620"/>${times(5, (i) => `<path d="M320 ${240 + i * 70}q60-30 98-70M320 ${240 + i * 70}q-60-30-98-70"/>`)}</g>`,
  city: `<defs>${gradient("sky", "#0b1030", "#3a2a6b", "#d16d8f")}</defs>${sky}<circle cx="500" cy="130" r="48" fill="#f4f1de"/>
    ${times(6, (k) => {
      const [x, y, width] = [20 + k * 100, [300, 220, 340, 180, 280, 230][k] ?? 0, 92];
      const windows = times(24, (i) =>
        (i * 7 + k * 5) % 3 === 0
          ? ""
          : `<rect x="${x + 14 + (i % 3) * 24}" y="${y + 22 + Math.floor(i / 3) * 44}" width="16" height="22" rx="2" fill="#ffd166" opacity="${0.45 + ((i * 13 + k) % 5) / 9}"/>`,
      );
      return `<rect x="${x}" y="${y}" width="${width}" height="${side - y}" fill="${k % 2 ? "#1d2b53" : "#16213e"}"/>${windows}`;
    })}`,
  balloon: `<defs>${gradient("sky", "#48b8d0", "#c8f0f5")}</defs>${sky}
    <g fill="#fff" opacity=".8"><ellipse cx="130" cy="470" rx="120" ry="34"/><ellipse cx="520" cy="520" rx="150" ry="40"/></g>
    <path d="M320 90c120 0 190 90 190 180 0 110-110 160-150 230h-80c-40-70-150-120-150-230 0-90 70-180 190-180z" fill="#ef476f"/>
    <path d="M320 90c60 0 95 90 95 180 0 110-45 160-65 230h-60c-20-70-65-120-65-230 0-90 35-180 95-180z" fill="#ffd166"/>
    <path d="M320 90c20 0 34 90 34 180 0 110-16 160-20 230h-28c-4-70-20-120-20-230 0-90 14-180 34-180z" fill="#ef476f"/>
    <rect x="284" y="530" width="72" height="52" rx="9" fill="#7f4f24"/>`,
} as const;
export type Motif = keyof typeof drawings;

const made = new Map<Motif, Promise<Buffer>>();

export function photograph(motif: Motif): Promise<Buffer> {
  const photo = made.get(motif) ?? take(motif);
  made.set(motif, photo);
  return photo;
}

/** Makes a JPEG with some grain, because without grain the file would be unrealistically small. */
function take(motif: Motif): Promise<Buffer> {
  const width = 2400;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${width}" height="${width}">${drawings[motif]}</svg>`;
  const grain = {
    create: {
      width,
      height: width,
      channels: 3,
      background: "#808080",
      noise: { type: "gaussian", mean: 128, sigma: 20 },
    },
  } as const;
  return sharp(Buffer.from(drawing))
    .composite([{ input: grain, blend: "soft-light" }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
